/** One person's rhythm: dots are visits, the band is the expected return, the line is today. */
import { useTranslation } from "react-i18next";
import { daysBetween, useFormats, type Formats } from "@/lib/formats";

type Props = {
  visits: string[];
  likelyFrom?: string | null;
  likelyTo?: string | null;
  today?: string;
  width?: number;
  height?: number;
};

/** The sentence a screen reader hears in place of the drawing. */
export function useRhythmSentence() {
  const { t } = useTranslation();
  const formats = useFormats();
  return ({ visits, likelyFrom, likelyTo }: Props) => sentence(t, formats, visits, likelyFrom, likelyTo);
}

function sentence(
  t: (key: string, values?: Record<string, unknown>) => string,
  formats: Formats,
  visits: string[],
  from?: string | null,
  to?: string | null,
): string {
  const last = visits.at(-1);
  if (!last) return t("drawing.no_visits");
  const values = { visits: t("drawing.visits", { count: visits.length }), last: formats.day(last, "long") };
  if (!from || !to) return t("drawing.rhythm_open", values);
  return t("drawing.rhythm", { ...values, from: formats.day(from, "long"), to: formats.day(to, "long") });
}

export function RhythmStrip(props: Props) {
  const { visits, likelyFrom, likelyTo, width = 150, height = 26 } = props;
  const formats = useFormats();
  const describe = useRhythmSentence();
  const today = props.today ?? formats.today();
  const days = [...visits].sort();
  const first = days[0] ?? likelyFrom ?? today;
  const end = [today, likelyTo ?? today].sort().at(-1) ?? today;
  const span = Math.max(daysBetween(first, end), 1);
  const x = (day: string) => 6 + (daysBetween(first, day) / span) * (width - 18);
  const middle = height / 2;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={describe(props)} style={{ display: "block" }}>
      <line x1={4} x2={width - 4} y1={middle} y2={middle} stroke="var(--line)" />
      {likelyFrom && likelyTo && (
        <rect x={x(likelyFrom)} width={Math.max(x(likelyTo) - x(likelyFrom), 4)} y={middle - 9} height={18} rx={4} fill="var(--band)" />
      )}
      {days.map((day, index) => (
        <circle key={`${day}-${index}`} cx={x(day)} cy={middle} r={3.5} fill="var(--chart-ink)" />
      ))}
      <line x1={x(today)} x2={x(today)} y1={1} y2={height - 1} stroke="var(--mantine-color-text)" strokeWidth={1.5} />
    </svg>
  );
}

/** What dots, band and line mean. */
export function RhythmLegend({ visit, expected, today }: { visit: string; expected: string; today: string }) {
  const swatch = { display: "inline-block", verticalAlign: "middle", margin: "0 6px 2px 8px" } as const;
  return (
    <span style={{ fontSize: "0.75rem", color: "var(--mantine-color-dimmed)", whiteSpace: "nowrap" }} aria-hidden>
      <i style={{ ...swatch, width: 8, height: 8, borderRadius: "50%", background: "var(--chart-ink)" }} />
      {visit}
      <i style={{ ...swatch, width: 14, height: 10, borderRadius: 3, background: "var(--band)" }} />
      {expected}
      <i style={{ ...swatch, width: 2, height: 12, background: "var(--mantine-color-text)" }} />
      {today}
    </span>
  );
}
