import { createFileRoute } from "@tanstack/react-router";
import { IncidentList } from "@/features/accountability/incident-list";

export const Route = createFileRoute("/_shell/privacy/incidents/")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: IncidentsRoute,
});

function IncidentsRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <IncidentList
      cursor={after}
      onCursor={(next) => void navigate({ search: { after: next } })}
      onOpened={({ id }) => void navigate({ to: "/privacy/incidents/$id", params: { id } })}
    />
  );
}
