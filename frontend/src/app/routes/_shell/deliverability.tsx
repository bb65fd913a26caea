import { createFileRoute } from "@tanstack/react-router";
import { DeliverabilityPage } from "@/features/deliverability/deliverability-page";

export const Route = createFileRoute("/_shell/deliverability")({
  validateSearch: (search: Record<string, unknown>): { line?: string } => ({ line: typeof search.line === "string" ? search.line : undefined }),
  component: DeliverabilityRoute,
});

function DeliverabilityRoute() {
  const { line } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <DeliverabilityPage chosen={line} onChoose={(next) => void navigate({ search: { line: next }, resetScroll: false })} />;
}
