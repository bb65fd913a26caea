import { describe, expect, it } from "vitest";
import type { Recall } from "./queries";
import { daysBefore } from "./recall-rehearsal";
import { blankSetup, isSame, setupOf, withKind } from "./setup";

describe("the setup of a recall", () => {
  it("forgets the category when the reason becomes a birthday", () => {
    const rhythm = { ...blankSetup("Caffè"), category_id: "c1" };

    expect(withKind(rhythm, "birthday").category_id).toBeNull();
    expect(withKind(rhythm, "rhythm").category_id).toBe("c1");
  });

  it("is unchanged when every part is as it was saved", () => {
    const recall = { ...blankSetup("Caffè"), template_id: "t1", id: "r1", version: 4, is_active: true } as unknown as Recall;

    expect(isSame(setupOf(recall), setupOf({ ...recall, version: 5 }))).toBe(true);
    expect(isSame(setupOf(recall), { ...setupOf(recall), lead_days: 3 })).toBe(false);
  });

  it("counts days back over a change of clocks", () => {
    expect(daysBefore("2026-03-30", 2)).toBe("2026-03-28");
    expect(daysBefore("2026-01-31", 31)).toBe("2025-12-31");
  });
});
