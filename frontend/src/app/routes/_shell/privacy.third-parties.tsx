import { createFileRoute } from "@tanstack/react-router";
import { RecipientsPage } from "@/features/disclosures/recipients-page";

export const Route = createFileRoute("/_shell/privacy/third-parties")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: ThirdPartiesRoute,
});

function ThirdPartiesRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <RecipientsPage cursor={after} onCursor={(next) => void navigate({ search: { after: next }, resetScroll: false })} />;
}
