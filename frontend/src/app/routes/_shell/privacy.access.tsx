import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "@/features/audit/audit-page";
import { areas, entryKinds, type AuditFilter } from "@/features/audit/queries";

const day = (value: unknown) => (/^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value) : undefined);
const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const Route = createFileRoute("/_shell/privacy/access")({
  validateSearch: (search: Record<string, unknown>): AuditFilter => ({
    kind: entryKinds.find((each) => each === search.kind),
    area: areas.find((each) => each === search.area),
    actor: text(search.actor),
    from: day(search.from),
    to: day(search.to),
    cursor: text(search.cursor),
  }),
  component: AccessRoute,
});

function AccessRoute() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  return <AuditPage filter={filter} onFilter={(search) => void navigate({ search, resetScroll: false })} />;
}
