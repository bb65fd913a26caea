/** One measure over time: a line from zero, its two ends in words. The sentence beside it is the caller's. */
type Point = { on: string; value: number };

type Props = {
  points: readonly Point[];
  /** Top of the scale, which starts at zero. */
  max: number;
  reading: string;
  dayWords: (day: string) => string;
  valueWords: (value: number) => string;
};

const frame = { left: 28, right: 356, top: 8, bottom: 112 };
const axis = { fontSize: 11, fill: "var(--mantine-color-dimmed)" };

export function TrendLine({ points, max, reading, dayWords, valueWords }: Props) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const from = Date.parse(first.on);
  const span = Math.max(Date.parse(last.on) - from, 1);
  const x = (on: string) => frame.left + ((Date.parse(on) - from) / span) * (frame.right - frame.left);
  const y = (value: number) => frame.bottom - (value / max) * (frame.bottom - frame.top);
  return (
    <svg viewBox="0 0 400 136" width="100%" role="img" aria-label={reading} style={{ display: "block" }}>
      {[0, max / 2, max].map((tick) => (
        <g key={tick}>
          <line x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
          <text x={frame.left - 6} y={y(tick) + 4} textAnchor="end" {...axis}>
            {valueWords(tick)}
          </text>
        </g>
      ))}
      <polyline
        points={points.map((point) => `${x(point.on).toFixed(1)},${y(point.value).toFixed(1)}`).join(" ")}
        fill="none"
        stroke="var(--chart-ink)"
        strokeWidth={2.25}
        strokeLinejoin="round"
      />
      <circle cx={x(last.on)} cy={y(last.value)} r={3.5} fill="var(--chart-ink)" />
      <text x={frame.right + 8} y={y(last.value) + 4} fontSize={13} fontWeight={650} fill="var(--chart-ink)">
        {valueWords(last.value)}
      </text>
      <text x={frame.left} y={131} {...axis}>
        {dayWords(first.on)}
      </text>
      <text x={frame.right} y={131} textAnchor="end" {...axis}>
        {dayWords(last.on)}
      </text>
    </svg>
  );
}
