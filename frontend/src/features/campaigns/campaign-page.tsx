/** `/campaigns/$id?step=`: one campaign, one step at a time. A step can be left and revisited; every choice is saved as it is made. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { DiscardMenu } from "@/ui/discard-menu";
import { Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { tell, tellProblem } from "@/ui/toast";
import { ApproveStep } from "./approve-step";
import { AudienceStep } from "./audience-step";
import { StateOfCampaign } from "./campaign-state";
import { MessageStep } from "./message-step";
import { ProgressStep } from "./progress-step";
import { type Campaign, type CampaignChange, type RecipientFilter, campaignQuery, rehearsalQuery, useDeleteCampaign, useSaveCampaign } from "./queries";
import { RecipientsStep } from "./recipients-step";
import { RehearsalStep } from "./rehearsal-step";
import { StepNav } from "./step-nav";
import { type Step, lockOf, openingStep } from "./steps";

type Props = {
  id: string;
  step?: Step;
  filter: RecipientFilter;
  onFilter: (filter: RecipientFilter) => void;
  onStep: (step: Step) => void;
  onDeleted: () => void;
  /** The measured results, which belong to another feature. */
  results: ReactNode;
};

export function CampaignPage(props: Props) {
  const query = useQuery(campaignQuery(props.id));
  return <Loaded query={query}>{({ body }) => <Opened {...props} campaign={body} />}</Loaded>;
}

function Opened({ campaign, step, filter, onFilter, onStep, onDeleted, results }: Props & { campaign: Campaign }) {
  const { t } = useTranslation(["campaigns", "common"]);
  const { time } = useFormats();
  const { data: rehearsal } = useQuery(rehearsalQuery(campaign.id));
  const save = useSaveCampaign(campaign.id);
  const wanted = step ?? openingStep(campaign);
  const isLocked = rehearsal !== undefined && lockOf(wanted, campaign, rehearsal) !== null;
  const current = isLocked ? openingStep(campaign) : wanted;

  const change = (what: CampaignChange) =>
    save.mutate(what, { onError: (error) => (asProblem(error).status === 412 ? tell(t("stale")) : tellProblem(error)) });

  const bodies: Record<Step, ReactNode> = {
    audience: <AudienceStep campaign={campaign} onChange={change} />,
    message: <MessageStep campaign={campaign} onChange={change} />,
    rehearsal: <RehearsalStep campaign={campaign} />,
    approve: <ApproveStep campaign={campaign} onStarted={() => onStep("progress")} />,
    progress: <ProgressStep campaign={campaign} />,
    recipients: <RecipientsStep campaign={campaign} filter={filter} onFilter={onFilter} />,
    results,
  };
  return (
    <>
      <PageHeader
        documentTitle={t("common:places.campaigns")}
        eyebrow={<Link to="/campaigns">{t("back")}</Link>}
        title={campaign.name}
        beside={<StateOfCampaign state={campaign.state} />}
        actions={
          <>
            {campaign.state === "draft" && (
              <Text size="xs" c="dimmed">
                {t("step.saved", { when: time(campaign.updated_at) })}
              </Text>
            )}
            {campaign.state === "draft" && <DraftMenu campaign={campaign} onDeleted={onDeleted} />}
          </>
        }
      />
      <StepNav campaign={campaign} rehearsal={rehearsal} current={current} />
      {bodies[current]}
    </>
  );
}

function DraftMenu({ campaign, onDeleted }: { campaign: Campaign; onDeleted: () => void }) {
  const { t } = useTranslation("campaigns");
  const remove = useDeleteCampaign(campaign.id);
  return (
    <DiscardMenu
      label={t("more")}
      verb={t("delete")}
      title={t("delete_title", { name: campaign.name })}
      detail={t("delete_detail")}
      isBusy={remove.isPending}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            tell(t("deleted"));
            onDeleted();
          },
          onError: tellProblem,
        })
      }
    />
  );
}
