/** An estimate with its 95 % interval on a shared scale. Ink when it excludes zero, red when it does so on the harmful side, stone otherwise. */
import { useTranslation } from "react-i18next";

export type IntervalTone = "ink" | "denied" | "stone";
const strokes: Record<IntervalTone, string> = {
  ink: "var(--chart-ink)",
  denied: "var(--denied)",
  stone: "var(--chart-stone)",
};

type Props = {
  estimate: number;
  low: number;
  high: number;
  /** Scale shared by the rows drawn together, so that their zero lines align. */
  domain: [number, number];
  tone: IntervalTone;
  /** The three numbers already in words, for screen readers. */
  words: { estimate: string; low: string; high: string };
  width?: number;
  height?: number;
};

/** Harm is what the metric calls harm: more unsubscribes, fewer returns. */
export function toneOf(low: number, high: number, harmWhen: "positive" | "negative" = "negative"): IntervalTone {
  if (low <= 0 && high >= 0) return "stone";
  return (low > 0 ? "positive" : "negative") === harmWhen ? "denied" : "ink";
}

export function IntervalRow({ estimate, low, high, domain, tone, words, width = 220, height = 32 }: Props) {
  const { t } = useTranslation();
  const [from, to] = domain;
  const x = (value: number) => 8 + ((value - from) / (to - from || 1)) * (width - 16);
  const middle = height / 2;
  const colour = strokes[tone];
  return (
    <svg
      width="100%"
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t("drawing.interval", words)}
      style={{ display: "block", maxWidth: width }}
    >
      <line x1={x(0)} x2={x(0)} y1={1} y2={height - 1} stroke="var(--mantine-color-text)" strokeWidth={1.25} />
      <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} stroke={colour} strokeWidth={6} strokeOpacity={0.25} strokeLinecap="round" />
      <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} stroke={colour} strokeWidth={2} strokeLinecap="round" />
      <circle cx={x(estimate)} cy={middle} r={5} fill={colour} />
    </svg>
  );
}
