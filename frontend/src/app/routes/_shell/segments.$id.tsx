import { createFileRoute } from "@tanstack/react-router";
import { ExportButton } from "@/features/exports/export-button";
import { SegmentPage } from "@/features/segments/segment-page";

export const Route = createFileRoute("/_shell/segments/$id")({
  validateSearch: (search: Record<string, unknown>): { preset?: string } => ({
    preset: typeof search.preset === "string" ? search.preset : undefined,
  }),
  component: SegmentRoute,
});

function SegmentRoute() {
  const { id } = Route.useParams();
  const { preset } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <SegmentPage
      key={id}
      id={id}
      preset={preset}
      onSaved={(segment) => void navigate({ to: "/segments/$id", params: { id: segment.id }, replace: true })}
      onDeleted={() => void navigate({ to: "/segments" })}
      exporting={<ExportButton kind="members" filters={{ segment_id: id }} />}
    />
  );
}
