/** Numbers of the shop as the first sentence says them, and the list each of them opens. */
import type { Count, Field, Rank } from "./queries";
import { ranks } from "./queries";

/** «7 schede su 10»: rounded to tenths, except that almost all is not all, and hardly any is not none. */
export function tenths(filled: number, of: number): { key: "all" | "almost_all" | "tenths" | "few" | "none"; count: number } {
  const count = Math.round((filled / of) * 10);
  if (filled === of) return { key: "all", count };
  if (filled === 0) return { key: "none", count };
  if (count === 10) return { key: "almost_all", count };
  return { key: count === 0 ? "few" : "tenths", count };
}

/** The search of the customer list that shows exactly the cards of a number. */
export function listOf({ filter }: Pick<Count, "filter">) {
  return {
    quality: filter.quality.join(",") || undefined,
    store_id: filter.store_id ?? undefined,
    source: filter.source ?? undefined,
  };
}

/** The wanted fields by rank, the least complete first within each. */
export function byRank(fields: readonly Field[]): { rank: Rank; fields: Field[] }[] {
  return ranks
    .filter((rank) => rank !== "unused")
    .map((rank) => ({
      rank,
      fields: fields.filter((each) => each.rank === rank).sort((one, other) => (one.share ?? 1) - (other.share ?? 1)),
    }))
    .filter((group) => group.fields.length > 0);
}
