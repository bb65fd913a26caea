/** The steps of a campaign as places in the URL: which there are, which are locked and why, and where a campaign opens. */
import type { Campaign, Progress, Rehearsal } from "./queries";

export const steps = ["audience", "message", "rehearsal", "approve", "progress", "recipients", "results"] as const;
export type Step = (typeof steps)[number];

export const isStep = (value: unknown): value is Step => steps.includes(value as Step);

export function openingStep(campaign: Campaign): Step {
  if (campaign.state === "scheduled") return "approve";
  if (campaign.state !== "draft") return "progress";
  if (!campaign.segment_id) return "audience";
  return campaign.template_id ? "rehearsal" : "message";
}

export const isFresh = (campaign: Campaign, rehearsal: Rehearsal | null | undefined) => rehearsal?.version === campaign.version;

/** The key of the sentence that says why a step cannot be opened yet. */
export function lockOf(step: Step, campaign: Campaign, rehearsal: Rehearsal | null | undefined): string | null {
  const hasStarted = campaign.touch_id !== null;
  switch (step) {
    case "audience":
    case "message":
      return null;
    case "rehearsal":
      return hasStarted || (campaign.segment_id && campaign.template_id) ? null : "step.locked_rehearsal";
    case "approve":
      return hasStarted || campaign.state === "scheduled" || isFresh(campaign, rehearsal) ? null : "step.locked_approve";
    default:
      return hasStarted ? null : "step.locked_progress";
  }
}

/** What has been handed over, and out of how many who should receive it. */
export function handedOver(progress: Progress): { done: number; of: number; waiting: number } {
  const done = progress.sent + progress.delivered + progress.bounced + progress.failed + progress.unknown;
  const waiting = progress.planned + progress.queued;
  return { done, of: done + waiting, waiting };
}

/** Seconds left at the present rate, or null while there is no rate to speak of. */
export function secondsLeft(progress: Progress): number | null {
  const { waiting } = handedOver(progress);
  return progress.rate_per_second > 0 && waiting > 0 ? Math.ceil(waiting / progress.rate_per_second) : null;
}
