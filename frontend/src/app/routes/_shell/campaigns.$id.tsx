import { Group, Stack } from "@mantine/core";
import { createFileRoute } from "@tanstack/react-router";
import { CampaignPage } from "@/features/campaigns/campaign-page";
import type { RecipientFilter } from "@/features/campaigns/queries";
import { type Step, isStep } from "@/features/campaigns/steps";
import { ExportButton } from "@/features/exports/export-button";
import { MessageDrawer } from "@/features/messages/message-drawer";
import { ResultsBody } from "@/features/results/results-body";

type Search = { step?: Step; status?: RecipientFilter["status"]; reason?: string; after?: string; message?: string };

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const Route = createFileRoute("/_shell/campaigns/$id")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    step: isStep(search.step) ? search.step : undefined,
    status: text(search.status) as RecipientFilter["status"],
    reason: text(search.reason),
    after: text(search.after),
    message: text(search.message),
  }),
  component: CampaignRoute,
});

function CampaignRoute() {
  const { id } = Route.useParams();
  const { step, status, reason, after, message } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <>
      <CampaignPage
        id={id}
        step={step}
        filter={{ status, reason, cursor: after }}
        onFilter={(filter) => void navigate({ search: { step, status: filter.status, reason: filter.reason, after: filter.cursor } })}
        onStep={(next) => void navigate({ search: { step: next } })}
        onDeleted={() => void navigate({ to: "/campaigns" })}
        results={
          <Stack gap="md">
            <Group justify="flex-end">
              <ExportButton kind="results" filters={{ subject_id: id }} />
            </Group>
            <ResultsBody kind="campaign" id={id} />
          </Stack>
        }
      />
      <MessageDrawer id={message} onClose={() => void navigate({ search: { step, status, reason, after }, resetScroll: false })} />
    </>
  );
}
