import { createFileRoute } from "@tanstack/react-router";
import { pairStates, type PairState } from "@/features/duplicates/queries";
import { QueuePage } from "@/features/duplicates/queue-page";

type Search = { state?: PairState; cursor?: string };

export const Route = createFileRoute("/_shell/customers/duplicates/")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    state: pairStates.find((each) => each !== "open" && each === search.state),
    cursor: typeof search.cursor === "string" && search.cursor ? search.cursor : undefined,
  }),
  component: QueueRoute,
});

function QueueRoute() {
  const { state = "open", cursor } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <QueuePage
      state={state}
      cursor={cursor}
      onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), resetScroll: false })}
    />
  );
}
