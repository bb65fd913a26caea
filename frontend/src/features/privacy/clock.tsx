/** The time left to answer: a ring that empties, words beside it, and why that day (C-27). */
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ClockRing, type ClockTone } from "@/ui/clock-ring";
import { Why } from "@/ui/why";
import classes from "./privacy.module.css";
import type { Clock } from "./queries";

const soon = 10;

export function toneOf({ days_left, is_paused }: Clock): ClockTone {
  if (is_paused) return "stone";
  // On its last day a request is not late, and its ring is empty: it must not look calm.
  return days_left <= 0 ? "denied" : days_left <= soon ? "deferred" : "ink";
}

export function useClockWords() {
  const { t } = useTranslation("privacy");
  return ({ days_left, is_overdue }: Clock) =>
    is_overdue ? t("clock.late", { count: -days_left }) : days_left === 0 ? t("clock.today") : t("clock.days", { count: days_left });
}

export function DueClock({ clock, receivedOn }: { clock: Clock; receivedOn: string }) {
  const { t } = useTranslation("privacy");
  const { day } = useFormats();
  const left = useClockWords()(clock);
  return (
    <Why label={`${left} ${day(clock.due_on)}. ${t("clock.why")}`} explanation={useDueExplanation(clock, receivedOn)}>
      <span className={classes.clock} data-tone={toneOf(clock)}>
        <ClockRing share={clock.share_left} tone={toneOf(clock)} />
        <span>
          <b>{left}</b> <span className={classes.until}>{day(clock.due_on)}</span>
        </span>
      </span>
    </Why>
  );
}

export function useDueExplanation(clock: Clock, receivedOn: string) {
  const { t } = useTranslation("privacy");
  const { longDay } = useFormats();
  return {
    sentence: clock.explanation,
    facts: [
      { label: t("clock.received"), value: longDay(receivedOn) },
      { label: t("clock.target"), value: longDay(clock.target_on) },
      { label: t("clock.due"), value: longDay(clock.due_on) },
    ],
    code: `C-27 · ${clock.rule}`,
  };
}
