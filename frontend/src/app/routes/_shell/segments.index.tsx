import { createFileRoute } from "@tanstack/react-router";
import { SegmentList } from "@/features/segments/segment-list";

export const Route = createFileRoute("/_shell/segments/")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: SegmentsRoute,
});

function SegmentsRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <SegmentList cursor={after} onCursor={(next) => void navigate({ search: { after: next } })} />;
}
