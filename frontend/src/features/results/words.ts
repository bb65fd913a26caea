/** Differences and shares as people read them: always signed, «points» for percentage points, ends of an interval without a unit. */
import type { Formats } from "@/lib/formats";
import type { Difference } from "./queries";

type Translate = (key: string, values?: Record<string, unknown>) => string;

const signed = (text: string, value: number) => (value > 0 ? `+${text}` : text);

export function pointsText(points: number, formats: Formats): string {
  return signed(formats.decimal(points, 1), Number(points.toFixed(1)));
}

/** The ends of an interval: "+1,0", "−0,11"; money ends have two decimals and no symbol. */
export function endText(value: number, unit: Difference["unit"], formats: Formats): string {
  return unit === "points" ? pointsText(value, formats) : signed(formats.decimal(value, 2), Number(value.toFixed(2)));
}

export function estimateText(difference: Pick<Difference, "estimate" | "unit">, currency: string, formats: Formats, t: Translate): string {
  if (difference.unit === "points") {
    return t("unit.points", { count: Math.abs(difference.estimate), value: pointsText(difference.estimate, formats) });
  }
  return formats.money({ amount: difference.estimate.toFixed(2), currency }, { signed: true });
}

/** More unsubscribes harm; fewer visits, revenue or margin do. */
export function harmOf(metric: string): "positive" | "negative" {
  return metric === "unsubscribes" ? "positive" : "negative";
}
