/**
 * The scales on which estimates and their 95 % intervals are drawn so that every «no difference» line stands at the same place.
 *
 * Rows of different units keep their own scale; rows of one unit, as on the index, share it. The drawn ends are the given ends: nothing is
 * clipped, because the sentence beside the drawing says the same two numbers.
 */

export type Interval = { estimate: number; low: number; high: number };
export type Domain = [from: number, to: number];

/** A difference whose ends are not told yet, because the measure is open, has nothing to draw. */
type Told = { estimate: number; low: number | null; high: number | null };

export function isDrawable<T extends Told>(row: T): row is T & Interval {
  return row.low !== null && row.high !== null;
}

const below = (row: Interval) => Math.max(0, -row.low, -row.estimate);
const above = (row: Interval) => Math.max(0, row.high, row.estimate);
const spanAt = (zero: number) => (row: Interval) => Math.max(below(row) / zero, above(row) / (1 - zero)) || 1;

const PLACES = Array.from({ length: 31 }, (_, index) => 0.2 + index * 0.02);

/** The share of the width to the left of zero that squeezes the most squeezed row least. */
function zeroShare(rows: readonly Interval[]): number {
  const squeeze = (zero: number) => Math.max(1, ...rows.map((row) => spanAt(zero)(row) / (below(row) + above(row) || 1)));
  return PLACES.reduce((best, zero) => (squeeze(zero) < squeeze(best) ? zero : best));
}

export function alignedDomains(rows: readonly Interval[], { sharedScale }: { sharedScale: boolean }): Domain[] {
  const zero = zeroShare(rows);
  const spans = rows.map(spanAt(zero));
  const widest = Math.max(...spans);
  return spans.map((span) => {
    const width = sharedScale ? widest : span;
    return [-zero * width, (1 - zero) * width];
  });
}
