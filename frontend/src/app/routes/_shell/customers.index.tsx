import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { CustomerList } from "@/features/customers/customer-list";
import { sorts, stages, type CustomerSearch } from "@/features/customers/queries";

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const among = <T extends string>(all: readonly T[], value: unknown) => all.find((each) => each === value);

export const Route = createFileRoute("/_shell/customers/")({
  validateSearch: (search: Record<string, unknown>): CustomerSearch => ({
    sort: among(sorts, search.sort),
    stage: among(stages, search.stage),
    store_id: text(search.store_id),
    tag: text(search.tag),
    city: text(search.city),
    due: search.due === true ? true : undefined,
    cursor: text(search.cursor),
  }),
  component: CustomersRoute,
});

function CustomersRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const [words, setWords] = useState(() => history.state?.peopleSearch ?? "");
  return (
    <CustomerList
      search={search}
      onSearch={(change) => void navigate({ search: (now) => ({ ...now, ...change }), state: { peopleSearch: words } })}
      text={words}
      onText={(next) => {
        setWords(next);
        void navigate({ search: (now) => now, state: { peopleSearch: next || undefined }, replace: true, resetScroll: false });
      }}
    />
  );
}
