import { describe, expect, it } from "vitest";
import { alignedDomains } from "./interval-scale";

const returned = { estimate: 2.6, low: 1.0, high: 4.1 };
const revenue = { estimate: 1.18, low: -0.4, high: 2.15 };
const lost = { estimate: -3, low: -5, high: -1 };

const shareOfZero = ([from, to]: [number, number]) => -from / (to - from);

describe("aligned scales", () => {
  it("put zero at the same place whatever the units", () => {
    const shares = alignedDomains([returned, revenue, lost], { sharedScale: false }).map(shareOfZero);

    for (const share of shares) expect(share).toBeCloseTo(shares[0]!);
  });

  it("hold both ends of every interval", () => {
    const rows = [returned, revenue, lost];

    alignedDomains(rows, { sharedScale: false }).forEach(([from, to], index) => {
      expect(from).toBeLessThanOrEqual(rows[index]!.low + 1e-9);
      expect(to).toBeGreaterThanOrEqual(rows[index]!.high - 1e-9);
    });
  });

  it("are one scale for rows of one unit: twice as far is drawn twice as far", () => {
    const [near, far] = alignedDomains([{ estimate: 1, low: 0.5, high: 1.5 }, returned], { sharedScale: true });

    expect(near).toEqual(far);
  });

  it("survive a row without any width", () => {
    const [domain] = alignedDomains([{ estimate: 0, low: 0, high: 0 }], { sharedScale: false });

    expect(domain![1] - domain![0]).toBeGreaterThan(0);
  });
});
