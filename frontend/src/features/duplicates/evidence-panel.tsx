/** Each comparison with both values, its outcome in a word, and how far it weighs for one person or for two. */
import { IconTilde, IconEqual, IconEqualNot, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/ui/panel";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import { telling } from "./choices";
import classes from "./duplicates.module.css";
import type { Evidence, PairDetail } from "./queries";
import { useFieldValue } from "./values";

const outcomes: Record<Exclude<Evidence["level"], "unknown">, { tone: Tone; icon: Icon }> = {
  same: { tone: "good", icon: IconEqual },
  similar: { tone: "wait", icon: IconTilde },
  different: { tone: "bad", icon: IconEqualNot },
};

/** `isTurned` when the first column shows the pair's second card. */
export function EvidencePanel({ pair, isTurned }: { pair: PairDetail; isTurned: boolean }) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const rows = telling(pair.evidence);
  const unknown = pair.evidence.filter((each) => each.level === "unknown").map((each) => t(`field.${each.field}`));
  const most = Math.max(6, ...rows.map((each) => Math.abs(each.weight)));
  const values = (each: Evidence, isFirst: boolean) =>
    (isFirst === isTurned ? each.high : each.low).map((value) => show(each.field, value)).join(", ") || "–";
  return (
    <Panel title={t("evidence.title")} note={t("evidence.note")}>
      <div className={classes.scroll}>
        <table className={classes.evidence}>
          <thead>
            <tr>
              <th scope="col">{t("evidence.field")}</th>
              <th scope="col">{t("card_a")}</th>
              <th scope="col">{t("card_b")}</th>
              <th scope="col">{t("evidence.outcome")}</th>
              <th scope="col">{t("evidence.weight")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((each) => {
              const { tone, icon } = outcomes[each.level as keyof typeof outcomes];
              return (
                <tr key={each.field}>
                  <th scope="row">{t(`field.${each.field}`)}</th>
                  <td>{values(each, true)}</td>
                  <td>{values(each, false)}</td>
                  <td>
                    <ToneBadge tone={tone} icon={icon} word={t(`level.${each.level}`)} />
                  </td>
                  <td>
                    <Weight weight={each.weight} most={most} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {unknown.length > 0 && <p className={classes.footnote}>{t("evidence.unknown", { fields: unknown.join(", ") })}</p>}
    </Panel>
  );
}

/** To the right for one person, to the left for two, from a line in the middle. */
function Weight({ weight, most }: { weight: number; most: number }) {
  const { t } = useTranslation("duplicates");
  const half = 60;
  const length = Math.max((Math.abs(weight) / most) * (half - 2), 2);
  const key = weight > 0 ? "for" : weight < 0 ? "against" : "nothing";
  return (
    <span className={classes.weight}>
      <svg width={half * 2} height={14} viewBox={`0 0 ${half * 2} 14`} aria-hidden>
        {weight !== 0 && (
          <rect x={weight > 0 ? half : half - length} y={3} width={length} height={8} rx={2} fill={weight > 0 ? "var(--chart-ink)" : "var(--denied)"} />
        )}
        <line x1={half} x2={half} y1={0} y2={14} stroke="var(--control-border)" />
      </svg>
      <span>{t(`evidence.${key}`)}</span>
    </span>
  );
}
