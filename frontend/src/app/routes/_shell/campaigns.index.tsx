import { createFileRoute } from "@tanstack/react-router";
import { CampaignList } from "@/features/campaigns/campaign-list";

export const Route = createFileRoute("/_shell/campaigns/")({
  validateSearch: (search: Record<string, unknown>): { after?: string } => ({ after: typeof search.after === "string" ? search.after : undefined }),
  component: CampaignsRoute,
});

function CampaignsRoute() {
  const { after } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <CampaignList cursor={after} onCursor={(next) => void navigate({ search: { after: next } })} />;
}
