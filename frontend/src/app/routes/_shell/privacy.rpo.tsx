import { createFileRoute } from "@tanstack/react-router";
import { RpoPage } from "@/features/oppositions/rpo-page";

export const Route = createFileRoute("/_shell/privacy/rpo")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: RpoRoute,
});

function RpoRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <RpoPage cursor={after} onCursor={(next) => void navigate({ search: { after: next }, resetScroll: false })} />;
}
