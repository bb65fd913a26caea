import { expect, it } from "vitest";
import { ageOf } from "./age";

const now = Date.parse("2026-11-24T12:00:00Z");
const age = (expires_at: string | null) => ageOf({ expires_at, valid_days: 15 }, now);

it("counts the days an answer of the register still holds, and none from the sixteenth day", () => {
  expect(age("2026-12-03T23:00:00Z")).toMatchObject({ state: "left", daysLeft: 10, tone: "ink" });
  expect(age("2026-11-26T23:00:00Z")).toMatchObject({ daysLeft: 3, tone: "deferred" });
  expect(age("2026-11-24T12:00:00Z")).toMatchObject({ state: "expired", share: 0, tone: "denied" });
  expect(age(null)).toMatchObject({ state: "never" });
});
