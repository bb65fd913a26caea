/** How many messages are in each state, drawn as one whole; each state is also a filter, and what it counts is what it lists. */
import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Part, StateBar, fillOf } from "./state-bar";
import classes from "./state-filter.module.css";

const tones: [string, Part["tone"]][] = [
  ["sent", "ink"],
  ["delivered", "ink"],
  ["planned", "teal"],
  ["queued", "teal"],
  ["sending", "teal"],
  ["deferred", "deferred"],
  ["bounced", "ochre"],
  ["failed", "plum"],
  ["unknown", "plum"],
  ["skipped", "rest"],
  ["control", "sky"],
  ["cancelled", "rest"],
];

type Props<Status extends string> = {
  /** Absent while they load. */
  counts: Partial<Record<Status, number>> | undefined;
  chosen: Status | undefined;
  onChoose: (status: Status | undefined) => void;
};

export function StateFilter<Status extends string>({ counts, chosen, onChoose }: Props<Status>) {
  const { t } = useTranslation("messages");
  const { number } = useFormats();
  if (!counts) return <div className={classes.bar} style={{ minHeight: 34 }} />;
  const states = tones.map(([status, tone]) => ({ status: status as Status, tone, value: counts[status as Status] ?? 0, label: t(`status.${status}`) }));
  const present = states.filter((state) => state.value > 0 || state.status === chosen);
  return (
    <div className={classes.bar} role="group" aria-label={t("filter.status")}>
      <div className={classes.track}>
        <StateBar parts={present} />
      </div>
      {present.map((state) => (
        <UnstyledButton
          key={state.status}
          className={classes.state}
          data-chosen={chosen === state.status || undefined}
          aria-pressed={chosen === state.status}
          onClick={() => onChoose(chosen === state.status ? undefined : state.status)}
        >
          <i style={{ background: fillOf(state.tone) }} aria-hidden />
          <b>{number(state.value)}</b> {state.label}
        </UnstyledButton>
      ))}
    </div>
  );
}
