/** How long the newest answer of a register still holds: the day after its last nobody may be called on its word (D-T7). */
import type { Coverage } from "./queries";

const dayMs = 86_400_000;
const soonDays = 3;

export type Age = { state: "left" | "expired" | "never"; daysLeft: number; share: number; tone: "ink" | "deferred" | "denied" | "stone" };

export function ageOf({ expires_at, valid_days }: Pick<Coverage, "expires_at" | "valid_days">, now = Date.now()): Age {
  if (!expires_at) return { state: "never", daysLeft: 0, share: 0, tone: "stone" };
  const left = Date.parse(expires_at) - now;
  if (left <= 0) return { state: "expired", daysLeft: 0, share: 0, tone: "denied" };
  const daysLeft = Math.ceil(left / dayMs);
  return { state: "left", daysLeft, share: left / (valid_days * dayMs), tone: daysLeft <= soonDays ? "deferred" : "ink" };
}
