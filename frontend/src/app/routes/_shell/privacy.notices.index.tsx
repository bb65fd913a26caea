import { createFileRoute } from "@tanstack/react-router";
import { NoticesPage } from "@/features/notices/notices-page";

export const Route = createFileRoute("/_shell/privacy/notices/")({ component: NoticesRoute });

function NoticesRoute() {
  const navigate = Route.useNavigate();
  return (
    <NoticesPage
      onNotice={(id) => void navigate({ to: "/privacy/notices/$id", params: { id } })}
      onForm={(id) => void navigate({ to: "/privacy/forms/$id", params: { id } })}
    />
  );
}
