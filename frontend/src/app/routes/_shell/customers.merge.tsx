import { createFileRoute } from "@tanstack/react-router";
import { MergePage } from "@/features/duplicates/merge-page";

type Search = { a: string; b: string };

const text = (value: unknown) => (typeof value === "string" ? value : "");

export const Route = createFileRoute("/_shell/customers/merge")({
  validateSearch: (search: Record<string, unknown>): Search => ({ a: text(search.a), b: text(search.b) }),
  component: MergeRoute,
});

function MergeRoute() {
  const { a, b } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <MergePage
      key={`${a} ${b}`}
      first={a}
      second={b}
      onMerged={(customerId) => void navigate({ to: "/customers/$customerId", params: { customerId } })}
    />
  );
}
