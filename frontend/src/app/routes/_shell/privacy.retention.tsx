import { createFileRoute } from "@tanstack/react-router";
import { RetentionPage } from "@/features/retention/retention-page";

export const Route = createFileRoute("/_shell/privacy/retention")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: RetentionRoute,
});

function RetentionRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <RetentionPage cursor={after} onCursor={(next) => void navigate({ search: { after: next }, resetScroll: false })} />;
}
