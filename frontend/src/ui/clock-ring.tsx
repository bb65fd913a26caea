/** What is left of a term as a ring that empties; its words stand beside it, so that it is hidden from screen readers. */
const strokes = { ink: "var(--chart-ink)", deferred: "var(--deferred)", denied: "var(--denied)", stone: "var(--chart-stone)" };

export type ClockTone = keyof typeof strokes;

type Props = { /** Share of the term still ahead, 0…1. */ share: number; tone?: ClockTone; size?: number };

export function ClockRing({ share, tone = "ink", size = 20 }: Props) {
  const width = size / 5;
  const radius = (size - width) / 2;
  const around = 2 * Math.PI * radius;
  const left = Math.min(Math.max(share, 0), 1) * around;
  const circle = { cx: size / 2, cy: size / 2, r: radius, fill: "none", strokeWidth: width };
  return (
    <svg width={size} height={size} viewBox={`0 0 ${size} ${size}`} aria-hidden style={{ flex: "none", display: "block" }}>
      <circle {...circle} stroke={tone === "denied" ? "var(--denied)" : "var(--line)"} />
      <circle
        {...circle}
        stroke={strokes[tone]}
        strokeDasharray={`${left} ${around}`}
        transform={`rotate(-90 ${size / 2} ${size / 2}) scale(1 -1) translate(0 -${size})`}
      />
    </svg>
  );
}
