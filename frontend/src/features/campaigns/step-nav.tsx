/** The steps as links: a locked one says why when pointed at or focused. */
import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./campaigns.module.css";
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
  return (
    <nav aria-label={t("step.label")} className="no-print">
      <ol className={classes.steps}>
        {steps.map((step, index) => {
          const lock = lockOf(step, campaign, rehearsal);
          const inside = (
            <>
              <span className={classes.number} aria-hidden>
                {isDone(step, campaign, rehearsal) ? <IconCheck size={12} stroke={3} /> : index + 1}
              </span>
              {t(`step.${step}`)}
            </>
          );
          return (
            <li key={step}>
              {lock ? (
                <Tooltip label={t(lock)}>
                  <span className={classes.step} aria-disabled="true" tabIndex={0} role="link" aria-description={t(lock)}>
                    {inside}
                  </span>
                </Tooltip>
              ) : (
                <Link
                  to="/campaigns/$id"
                  params={{ id: campaign.id }}
                  search={{ step }}
                  className={classes.step}
                  data-current={step === current || undefined}
                  data-done={isDone(step, campaign, rehearsal) || undefined}
                  aria-current={step === current ? "step" : undefined}
                >
                  {inside}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
