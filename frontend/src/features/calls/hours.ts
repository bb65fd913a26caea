/** The moments a person may ask to be called at: quarters of an hour inside what the law leaves open (D-T9). */
import { dayOf } from "@/lib/formats";
import type { Opening } from "./queries";

const quarter = 15 * 60_000;

/** The instants of each day of the person's calendar, in order. */
export function momentsOf(openings: Opening[], zone: string, now: number): Map<string, string[]> {
  const days = new Map<string, string[]>();
  for (const { opens_at, closes_at } of openings) {
    const first = Math.ceil(Math.max(Date.parse(opens_at), now + quarter) / quarter) * quarter;
    for (let at = first; at < Date.parse(closes_at); at += quarter) {
      const day = dayOf(new Date(at), zone);
      days.set(day, [...(days.get(day) ?? []), new Date(at).toISOString()]);
    }
  }
  return days;
}

/** The moment to propose: the best one, or the first there is. */
export function proposed(days: Map<string, string[]>, best: string | undefined): string | undefined {
  const all = [...days.values()].flat();
  return all.find((at) => best !== undefined && at >= new Date(best).toISOString()) ?? all[0];
}
