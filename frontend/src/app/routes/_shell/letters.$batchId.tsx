import { createFileRoute } from "@tanstack/react-router";
import { BatchPage } from "@/features/letters/batch-page";
import { pieceStates, type PieceState } from "@/features/letters/queries";

type Search = { state?: PieceState; after?: string };

export const Route = createFileRoute("/_shell/letters/$batchId")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    state: pieceStates.find((each) => each === search.state),
    after: typeof search.after === "string" ? search.after : undefined,
  }),
  component: BatchRoute,
});

function BatchRoute() {
  const { batchId } = Route.useParams();
  const { state, after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <BatchPage
      key={batchId}
      id={batchId}
      filter={{ state, cursor: after }}
      onFilter={(filter) => void navigate({ search: { state: filter.state, after: filter.cursor }, resetScroll: false })}
    />
  );
}
