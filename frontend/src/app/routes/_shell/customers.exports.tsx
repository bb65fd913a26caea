import { createFileRoute } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ExportList } from "@/features/exports/export-list";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";

export const Route = createFileRoute("/_shell/customers/exports")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: ExportsRoute,
});

function ExportsRoute() {
  const { t } = useTranslation("exports");
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ExportList
      cursor={after}
      onCursor={(next) => void navigate({ search: { after: next } })}
      actions={
        <OnlyIf may="imports:read">
          <LinkButton to="/customers/imports">{t("imports")}</LinkButton>
        </OnlyIf>
      }
    />
  );
}
