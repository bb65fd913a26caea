import { describe, expect, it } from "vitest";
import type { Campaign, Progress, Rehearsal } from "./queries";
import { handedOver, lockOf, openingStep, secondsLeft } from "./steps";

const draft = { state: "draft", version: 3, segment_id: "s", template_id: "t", touch_id: null } as Campaign;
const rehearsed = { version: 3 } as Rehearsal;
const progress: Progress = {
  planned: 0,
  queued: 300,
  sent: 500,
  delivered: 90,
  bounced: 6,
  skipped: 168,
  control: 110,
  deferred: 14,
  failed: 3,
  cancelled: 0,
  unknown: 1,
  total: 1192,
  rate_per_second: 12,
  is_planning: false,
};

describe("the steps of a campaign", () => {
  it("open where the draft still lacks something", () => {
    expect(openingStep({ ...draft, segment_id: null })).toBe("audience");
    expect(openingStep({ ...draft, template_id: null })).toBe("message");
    expect(openingStep(draft)).toBe("rehearsal");
    expect(openingStep({ ...draft, state: "sending" })).toBe("progress");
  });

  it("keep approval locked until this version was rehearsed", () => {
    expect(lockOf("approve", draft, null)).toBe("step.locked_approve");
    expect(lockOf("approve", draft, { ...rehearsed, version: 2 })).toBe("step.locked_approve");
    expect(lockOf("approve", draft, rehearsed)).toBeNull();
  });

  it("open progress, recipients and results only after the start", () => {
    expect(lockOf("results", draft, rehearsed)).toBe("step.locked_progress");
    expect(lockOf("results", { ...draft, touch_id: "x" }, rehearsed)).toBeNull();
  });
});

describe("progress", () => {
  it("counts who should receive, leaving out refused, control and later", () => {
    expect(handedOver(progress)).toEqual({ done: 600, of: 900, waiting: 300 });
  });

  it("says how long is left only while there is a rate", () => {
    expect(secondsLeft(progress)).toBe(25);
    expect(secondsLeft({ ...progress, rate_per_second: 0 })).toBeNull();
  });
});
