import { createFileRoute } from "@tanstack/react-router";
import { allows, useMe } from "@/api/me";
import { kinds, shows, type RequestFilter } from "@/features/privacy/queries";
import { ReceivePage } from "@/features/privacy/receive-page";
import { RequestList } from "@/features/privacy/request-list";

export const Route = createFileRoute("/_shell/privacy/requests/")({
  validateSearch: (search: Record<string, unknown>): RequestFilter => ({
    show: shows.find((each) => each !== "open" && each === search.show),
    kind: kinds.find((each) => each === search.kind),
    cursor: typeof search.cursor === "string" && search.cursor ? search.cursor : undefined,
  }),
  component: RequestsRoute,
});

function RequestsRoute() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  const { scopes } = useMe();
  if (!allows(scopes, "privacy:read") && allows(scopes, "privacy:receive")) return <ReceivePage />;
  return (
    <RequestList
      filter={filter}
      onFilter={({ show, kind, cursor }) => void navigate({ search: { show: show === "open" ? undefined : show, kind, cursor }, resetScroll: false })}
      onReceived={({ id }) => void navigate({ to: "/privacy/requests/$id", params: { id } })}
    />
  );
}
