import { createFileRoute } from "@tanstack/react-router";
import { CallPage } from "@/features/calls/call-page";

export const Route = createFileRoute("/_shell/calls/$id")({ component: CallRoute });

function CallRoute() {
  const { id } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <CallPage
      id={id}
      onCall={(next) => void navigate({ to: "/calls/$id", params: { id: next } })}
      onList={() => void navigate({ to: "/calls" })}
    />
  );
}
