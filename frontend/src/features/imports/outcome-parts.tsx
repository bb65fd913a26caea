/** Every row of a file as one bar: what each outcome is in a sign, a number and a word. */
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { StateBar, type Part } from "@/ui/state-bar";
import classes from "./imports.module.css";
import { outcomes, type Outcome } from "./queries";

export const looks: Record<Outcome, { tone: Part["tone"]; fill: string; sign: string }> = {
  created: { tone: "ink", fill: "var(--chart-ink)", sign: "+" },
  updated: { tone: "teal", fill: "var(--chart-teal)", sign: "~" },
  merged: { tone: "sky", fill: "var(--chart-sky)", sign: "⇄" },
  unclaimed: { tone: "ochre", fill: "var(--chart-ochre)", sign: "?" },
  unchanged: { tone: "rest", fill: "var(--chart-rest)", sign: "=" },
  rejected: { tone: "denied", fill: "var(--denied)", sign: "✕" },
};

/** The figures everybody looks for are always there; the others only when they are not zero. */
const always: Outcome[] = ["created", "updated", "unchanged", "rejected"];

type Props = { counts: Record<string, number>; of?: number; height?: number };

export function OutcomeBar({ counts, of, height }: Props) {
  const { t } = useTranslation("imports");
  return <StateBar of={of} height={height} parts={outcomes.map((each) => ({ value: counts[each] ?? 0, tone: looks[each].tone, label: t(`outcome.${each}`) }))} />;
}

export function OutcomeFigures({ counts }: Pick<Props, "counts">) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const shown = outcomes.filter((each) => always.includes(each) || (counts[each] ?? 0) > 0);
  return (
    <div className={classes.figures}>
      {shown.map((each) => (
        <div key={each} className={classes.figure} data-outcome={each} title={t(`outcome_help.${each}`)}>
          <b>{number(counts[each] ?? 0)}</b>
          <span>
            <i style={{ background: looks[each].fill }} aria-hidden>
              {looks[each].sign}
            </i>
            {t(`outcome.${each}`)}
          </span>
        </div>
      ))}
    </div>
  );
}

const remarks = ["UNPROVEN", "SUPPRESSED", "SUPPRESSED_ERASED", "BAD_TIME", "leading-zero-lost"];

/** What is worth knowing beside the outcomes (B-06, B-07). */
export function Remarks({ counts }: Pick<Props, "counts">) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const found = remarks.filter((code) => (counts[code] ?? 0) > 0);
  if (found.length === 0) return null;
  return (
    <ul className={classes.remarks}>
      {found.map((code) => (
        <li key={code} data-remark={code}>
          {t(`remark.${code}`, { count: counts[code], formatted: number(counts[code] ?? 0) })}
        </li>
      ))}
    </ul>
  );
}
