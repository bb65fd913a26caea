/** One share of a whole as a thin bar; its words stand beside it, so that it is hidden from screen readers. */
const fills = { ink: "var(--chart-ink)", stone: "var(--chart-stone)", allowed: "var(--allowed)", deferred: "var(--deferred)", denied: "var(--denied)" };

type Props = { share: number; tone?: keyof typeof fills; height?: number };

export function ShareBar({ share, tone = "ink", height = 8 }: Props) {
  return (
    <span aria-hidden style={{ display: "block", width: "100%", height, borderRadius: height / 2, background: "var(--sunken)", overflow: "hidden" }}>
      <span
        style={{
          display: "block",
          width: `${Math.min(Math.max(share, 0), 1) * 100}%`,
          minWidth: share > 0 ? 3 : 0,
          height: "100%",
          borderRadius: height / 2,
          background: fills[tone],
        }}
      />
    </span>
  );
}
