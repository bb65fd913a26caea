import { createFileRoute } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ImportList } from "@/features/imports/import-list";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";

export const Route = createFileRoute("/_shell/customers/imports/")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: ImportsRoute,
});

function ImportsRoute() {
  const { t } = useTranslation("imports");
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ImportList
      cursor={after}
      onCursor={(next) => void navigate({ search: { after: next } })}
      onUploaded={(uploaded) => void navigate({ to: "/customers/imports/$id", params: { id: uploaded.id }, search: { step: "file" } })}
      actions={
        <OnlyIf may="exports:run">
          <LinkButton to="/customers/exports">{t("list.exports")}</LinkButton>
        </OnlyIf>
      }
    />
  );
}
