import { createFileRoute } from "@tanstack/react-router";
import { InboundPage } from "@/features/inbound/inbound-page";
import { mailKinds } from "@/features/inbound/kinds";
import type { InboundFilter } from "@/features/inbound/queries";

type Search = Omit<InboundFilter, "cursor"> & { after?: string; open?: string };

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const Route = createFileRoute("/_shell/inbound")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    by: search.by === "texts" ? search.by : undefined,
    show: search.show === "all" ? search.show : undefined,
    kind: mailKinds.find((each) => each === search.kind),
    after: text(search.after),
    open: text(search.open),
  }),
  component: InboundRoute,
});

function InboundRoute() {
  const { after, open, ...filter } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <InboundPage
      filter={{ ...filter, cursor: after }}
      onFilter={({ cursor, ...next }) => void navigate({ search: { ...next, after: cursor }, resetScroll: false })}
      opened={open}
      onClose={() => void navigate({ search: { ...filter, after }, resetScroll: false })}
    />
  );
}
