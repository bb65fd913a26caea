import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { CustomerList } from "@/features/customers/customer-list";
import { qualityParam, sourceParam } from "@/features/customers/measured";
import { sorts, stages, type CustomerSearch } from "@/features/customers/queries";
import { ExportButton } from "@/features/exports/export-button";

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
    quality: qualityParam(search.quality),
    source: sourceParam(search.source),
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
      exporting={<ExportThese search={search} />}
      onText={(next) => {
        setWords(next);
        void navigate({ search: (now) => now, state: { peopleSearch: next || undefined }, replace: true, resetScroll: false });
      }}
    />
  );
}

/** A file holds what the list shows: where the list is narrowed by more than files know, there is none. */
function ExportThese({ search: { store_id, tag, city, stage, due, quality, source } }: { search: CustomerSearch }) {
  return due || quality || source ? null : <ExportButton kind="customers" filters={{ store_id, tag, city, stage }} />;
}
