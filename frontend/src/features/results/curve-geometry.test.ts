import { describe, expect, it } from "vitest";
import { bandPoints, dayTicks, labelHeights, linePoints, scales, shareTicks } from "./curve-geometry";
import type { CurveDay } from "./queries";

const frame = { left: 40, right: 380, top: 12, bottom: 232 };

function day(number: number, treated: number, control: number): CurveDay {
  return {
    day: number,
    treated,
    control,
    treated_low: treated * 0.95,
    treated_high: treated * 1.05,
    control_low: control * 0.9,
    control_high: control * 1.1,
  };
}

const curve = [day(0, 0, 0), day(14, 0.07, 0.06), day(42, 0.141, 0.115)];

describe("the cumulative curve", () => {
  it("has axes that start at zero and reach over the highest band", () => {
    const ticks = shareTicks(curve);

    expect(ticks[0]).toBe(0);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(0.141 * 1.05);
    expect(ticks.length).toBeLessThanOrEqual(6);
  });

  it("starts at the left bottom corner and ends at the right edge", () => {
    const points = linePoints(curve, "treated", scales(curve, frame, 42)).split(" ");

    expect(points[0]).toBe("40.0,232.0");
    expect(points.at(-1)).toMatch(/^380\.0,/);
  });

  it("draws a band out along the top and back along the bottom", () => {
    expect(bandPoints(curve, "control", scales(curve, frame, 42)).split(" ")).toHaveLength(2 * curve.length);
  });

  it("names few days, the first and the last among them", () => {
    expect(dayTicks(42)).toEqual([0, 14, 28, 42]);
    expect(dayTicks(1)).toEqual([0, 1]);
  });

  it("moves two close labels apart without letting them leave the frame", () => {
    const { treated, control } = labelHeights(230, 231, frame);

    expect(Math.abs(control - treated)).toBeGreaterThanOrEqual(35.9);
    expect(labelHeights(40, 90, frame)).toEqual({ treated: 40, control: 90 });
  });
});
