import { createFileRoute } from "@tanstack/react-router";
import { IncidentPage } from "@/features/accountability/incident-page";

export const Route = createFileRoute("/_shell/privacy/incidents/$id")({ component: IncidentRoute });

function IncidentRoute() {
  const { id } = Route.useParams();
  return <IncidentPage key={id} id={id} />;
}
