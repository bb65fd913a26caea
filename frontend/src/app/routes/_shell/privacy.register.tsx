import { createFileRoute } from "@tanstack/react-router";
import { RegisterPage } from "@/features/accountability/register-page";

export const Route = createFileRoute("/_shell/privacy/register")({
  validateSearch: (search: Record<string, unknown>): { row?: string } => ({ row: typeof search.row === "string" ? search.row : undefined }),
  component: RegisterRoute,
});

function RegisterRoute() {
  const { row } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <RegisterPage rowId={row} onRow={(next) => void navigate({ search: { row: next }, resetScroll: false })} />;
}
