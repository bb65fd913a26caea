import { createFileRoute } from "@tanstack/react-router";
import { PairPage } from "@/features/duplicates/pair-page";
import { pairOptions } from "@/features/duplicates/queries";

export const Route = createFileRoute("/_shell/customers/duplicates/$pairId")({
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(pairOptions(params.pairId)),
  component: PairRoute,
});

function PairRoute() {
  const { pairId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <PairPage
      key={pairId}
      pairId={pairId}
      onPair={(next) => void navigate({ to: "/customers/duplicates/$pairId", params: { pairId: next } })}
      onQueue={() => void navigate({ to: "/customers/duplicates" })}
    />
  );
}
