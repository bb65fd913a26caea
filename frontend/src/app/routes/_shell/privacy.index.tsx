import { createFileRoute, redirect } from "@tanstack/react-router";

export const Route = createFileRoute("/_shell/privacy/")({
  beforeLoad: () => {
    throw redirect({ to: "/privacy/requests", replace: true });
  },
});
