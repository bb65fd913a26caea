/** The texts of a row of the register, in the order it is read; what art. 30 wants and a row does not say is a gap. */
import type { Activity } from "./queries";

export const parts = ["aim", "people", "data_categories", "recipients", "transfers", "retention", "security"] as const;
export type Part = (typeof parts)[number];

export function missingParts(activity: Pick<Activity, Part>): Part[] {
  return parts.filter((part) => !activity[part].it.trim() || !activity[part].en.trim());
}

/** Rows that still miss something first, then those in force, then those that have ended. */
export function inReadingOrder(activities: Activity[]): Activity[] {
  const rank = (each: Activity) => (each.ended_on ? 2 : missingParts(each).length > 0 ? 0 : 1);
  return activities.toSorted((one, other) => rank(one) - rank(other));
}
