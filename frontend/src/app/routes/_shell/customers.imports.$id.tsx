import { createFileRoute } from "@tanstack/react-router";
import { ImportPage } from "@/features/imports/import-page";
import { outcomes, type RowFilter } from "@/features/imports/queries";
import { isStep, type Step } from "@/features/imports/steps";

type Search = { step?: Step; outcome?: RowFilter["outcome"]; after?: string };

export const Route = createFileRoute("/_shell/customers/imports/$id")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    step: isStep(search.step) ? search.step : undefined,
    outcome: outcomes.find((each) => each === search.outcome),
    after: typeof search.after === "string" ? search.after : undefined,
  }),
  component: ImportRoute,
});

function ImportRoute() {
  const { id } = Route.useParams();
  const { step, outcome, after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ImportPage
      key={id}
      id={id}
      step={step}
      filter={{ outcome, cursor: after }}
      onFilter={(filter) => void navigate({ search: { step, outcome: filter.outcome, after: filter.cursor }, resetScroll: false })}
      onStep={(next) => void navigate({ search: { step: next } })}
      onDiscarded={() => void navigate({ to: "/customers/imports" })}
    />
  );
}
