import { createFileRoute } from "@tanstack/react-router";
import { CallsPage } from "@/features/calls/calls-page";

export const Route = createFileRoute("/_shell/calls/")({ component: CallsRoute });

function CallsRoute() {
  const navigate = Route.useNavigate();
  return <CallsPage onCall={(id) => void navigate({ to: "/calls/$id", params: { id } })} />;
}
