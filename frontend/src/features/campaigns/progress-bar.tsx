/** Every planned person as one bar: handed over, waiting, then those who do not receive. */
import { useTranslation } from "react-i18next";
import { type Part, StateBar } from "@/ui/state-bar";
import type { Progress } from "./queries";

export function useProgressParts(progress: Progress): Part[] {
  const { t } = useTranslation("campaigns");
  const part = (value: number, word: string, tone: Part["tone"]) => ({ value, label: t(`progress.${word}`), tone });
  return [
    part(progress.sent + progress.delivered, "sent", "ink"),
    part(progress.planned + progress.queued, "queued", "teal"),
    part(progress.bounced, "bounced", "ochre"),
    part(progress.unknown, "unknown", "plum"),
    part(progress.failed, "failed", "plum"),
    part(progress.control, "control", "sky"),
    part(progress.deferred, "deferred", "deferred"),
    part(progress.skipped, "skipped", "rest"),
    part(progress.cancelled, "cancelled_part", "rest"),
  ];
}

export function ProgressBar({ progress, height }: { progress: Progress; height?: number }) {
  return <StateBar parts={useProgressParts(progress)} height={height} />;
}
