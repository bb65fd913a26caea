import { createFileRoute } from "@tanstack/react-router";
import { RequestPage } from "@/features/privacy/request-page";
import { isStep, type Step } from "@/features/privacy/steps";

export const Route = createFileRoute("/_shell/privacy/requests/$id")({
  validateSearch: (search: Record<string, unknown>): { step?: Step } => ({ step: isStep(search.step) ? search.step : undefined }),
  component: RequestRoute,
});

function RequestRoute() {
  const { id } = Route.useParams();
  const { step } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <RequestPage key={id} id={id} step={step} onStep={(next) => void navigate({ search: { step: next } })} />;
}
