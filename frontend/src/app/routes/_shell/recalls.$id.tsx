import { createFileRoute } from "@tanstack/react-router";
import { RecallPage } from "@/features/recalls/recall-page";
import { type Tab, isTab } from "@/features/recalls/tabs";
import { ResultsBody } from "@/features/results/results-body";

export const Route = createFileRoute("/_shell/recalls/$id")({
  validateSearch: (search: Record<string, unknown>): { tab?: Tab } => ({ tab: isTab(search.tab) ? search.tab : undefined }),
  component: RecallRoute,
});

function RecallRoute() {
  const { id } = Route.useParams();
  const { tab = "setup" } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <RecallPage
      key={id}
      id={id}
      tab={tab}
      onTab={(next) => void navigate({ search: { tab: next } })}
      onSaved={(recall) => void navigate({ to: "/recalls/$id", params: { id: recall.id }, search: {}, replace: true })}
      results={<ResultsBody kind="recall" id={id} />}
    />
  );
}
