import { linkOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Steps } from "@/ui/steps";
import type { Campaign, Rehearsal } from "./queries";
import { type Step, isFresh, lockOf, steps } from "./steps";

type Props = { campaign: Campaign; rehearsal: Rehearsal | null | undefined; current: Step };

function isDone(step: Step, campaign: Campaign, rehearsal: Rehearsal | null | undefined): boolean {
  if (step === "audience") return campaign.segment_id !== null;
  if (step === "message") return campaign.template_id !== null;
  if (step === "rehearsal") return campaign.touch_id !== null || isFresh(campaign, rehearsal);
  if (step === "approve") return campaign.touch_id !== null;
  return step === "progress" && campaign.state === "done";
}

export function StepNav({ campaign, rehearsal, current }: Props) {
  const { t } = useTranslation("campaigns");
  const links = steps.map((step) => {
    const lock = lockOf(step, campaign, rehearsal);
    return {
      key: step,
      word: t(`step.${step}`),
      isDone: isDone(step, campaign, rehearsal),
      lock: lock && t(lock),
      link: linkOptions({ to: "/campaigns/$id", params: { id: campaign.id }, search: { step } }),
    };
  });
  return <Steps label={t("step.label")} steps={links} current={current} />;
}
