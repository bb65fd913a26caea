/** The cumulative curve as points of an SVG: shares by day for the two arms, each with its band, on axes that start at zero. */
import type { CurveDay } from "./queries";

export type Frame = { left: number; right: number; top: number; bottom: number };
export type Arm = "treated" | "control";

const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.05, 0.1, 0.2, 0.25, 0.5];

/** Round gridlines, at most five above zero, the last one at or over the highest band. */
export function shareTicks(curve: readonly CurveDay[]): number[] {
  const highest = Math.max(0.001, ...curve.flatMap((day) => [day.treated_high, day.control_high, day.treated, day.control]));
  const step = STEPS.find((candidate) => highest / candidate <= 5) ?? 0.5;
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

export function dayTicks(lastDay: number): number[] {
  const parts = lastDay >= 12 ? 3 : lastDay >= 2 ? 2 : 1;
  const ticks = Array.from({ length: parts + 1 }, (_, index) => Math.round((index * lastDay) / parts));
  return [...new Set(ticks)];
}

export function scales(curve: readonly CurveDay[], frame: Frame, lastDay: number) {
  const top = shareTicks(curve).at(-1) ?? 1;
  return {
    x: (day: number) => frame.left + (day / Math.max(1, lastDay)) * (frame.right - frame.left),
    y: (share: number) => frame.bottom - (share / top) * (frame.bottom - frame.top),
  };
}

type Scales = ReturnType<typeof scales>;

const point = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;

export function linePoints(curve: readonly CurveDay[], arm: Arm, { x, y }: Scales): string {
  return curve.map((day) => point(x(day.day), y(day[arm]))).join(" ");
}

export function bandPoints(curve: readonly CurveDay[], arm: Arm, { x, y }: Scales): string {
  const upper = curve.map((day) => point(x(day.day), y(day[`${arm}_high`])));
  const lower = curve.map((day) => point(x(day.day), y(day[`${arm}_low`]))).reverse();
  return [...upper, ...lower].join(" ");
}

/** Two labels at the right end, moved apart when the lines end close together, and kept inside the frame. */
export function labelHeights(treatedY: number, controlY: number, frame: Frame, gap = 36): { treated: number; control: number } {
  const missing = Math.max(0, gap - Math.abs(treatedY - controlY)) / 2;
  const treatedIsAbove = treatedY <= controlY;
  const highest = Math.max(frame.top, Math.min(treatedY, controlY) - missing);
  const lower = Math.min(frame.bottom, Math.max(highest + gap, Math.max(treatedY, controlY) + missing));
  const upper = Math.min(highest, lower - gap);
  return treatedIsAbove ? { treated: upper, control: lower } : { treated: lower, control: upper };
}
