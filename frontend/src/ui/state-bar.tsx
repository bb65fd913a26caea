/** Proportions of one whole: sent, skipped, control. Parts under one pixel still show. */
export type Part = { value: number; label: string; tone: "ink" | "rest" | "sky" | "ochre" | "teal" | "plum" | "denied" | "deferred" | "allowed" };

const fills: Record<Part["tone"], string> = {
  ink: "var(--chart-ink)",
  rest: "var(--chart-rest)",
  sky: "var(--chart-sky)",
  ochre: "var(--chart-ochre)",
  teal: "var(--chart-teal)",
  plum: "var(--chart-plum)",
  denied: "var(--denied)",
  deferred: "var(--deferred)",
  allowed: "var(--allowed)",
};

/** The colour of a part, for what stands beside the bar. */
export const fillOf = (tone: Part["tone"]) => fills[tone];

type Props = {
  parts: Part[];
  /** Length of the full bar when several bars share a scale; the sum of the parts otherwise. */
  of?: number;
  height?: number;
};

export function StateBar({ parts, of, height = 11 }: Props) {
  const shown = parts.filter((part) => part.value > 0);
  const total = Math.max(of ?? 0, shown.reduce((sum, part) => sum + part.value, 0), 1);
  return (
    <div
      role="img"
      aria-label={parts.map((part) => `${part.label}: ${part.value}`).join(", ")}
      style={{ display: "flex", gap: 2, width: "100%", height }}
    >
      {shown.map((part) => (
        <span
          key={part.label}
          title={`${part.label}: ${part.value}`}
          style={{ width: `${(part.value / total) * 100}%`, minWidth: 3, borderRadius: 2, background: fills[part.tone] }}
        />
      ))}
    </div>
  );
}

export function StateBarLegend({ parts }: { parts: Pick<Part, "label" | "tone">[] }) {
  return (
    <div aria-hidden style={{ display: "flex", flexWrap: "wrap", gap: "2px 12px", fontSize: "0.75rem", color: "var(--mantine-color-dimmed)" }}>
      {parts.map((part) => (
        <span key={part.label} style={{ display: "inline-flex", alignItems: "center", gap: 5 }}>
          <i style={{ width: 9, height: 9, borderRadius: 2, background: fills[part.tone] }} />
          {part.label}
        </span>
      ))}
    </div>
  );
}
