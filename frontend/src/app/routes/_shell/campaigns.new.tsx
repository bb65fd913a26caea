import { createFileRoute } from "@tanstack/react-router";
import { NewCampaign } from "@/features/campaigns/new-campaign";

export const Route = createFileRoute("/_shell/campaigns/new")({
  validateSearch: (search: Record<string, unknown>): { segment?: string } => ({
    segment: typeof search.segment === "string" ? search.segment : undefined,
  }),
  component: NewCampaignRoute,
});

function NewCampaignRoute() {
  const { segment } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <NewCampaign
      segment={segment}
      onCreated={(campaign) => void navigate({ to: "/campaigns/$id", params: { id: campaign.id }, search: { step: segment ? "message" : "audience" } })}
    />
  );
}
