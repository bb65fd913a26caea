import { expect, it } from "vitest";
import { inReadingOrder, missingParts, parts } from "./parts";
import type { Activity } from "./queries";

const both = { it: "sì", en: "yes" };
const row = (id: string, change: Partial<Activity> = {}) => ({ id, ended_on: null, ...Object.fromEntries(parts.map((part) => [part, both])), ...change }) as Activity;

it("finds what a row does not say in one of the two languages", () => {
  expect(missingParts(row("whole"))).toEqual([]);
  expect(missingParts(row("gaps", { transfers: { it: "nessuno", en: " " }, security: { it: "", en: "" } }))).toEqual(["transfers", "security"]);
});

it("reads rows with gaps first and those that have ended last", () => {
  const rows = [row("ended", { ended_on: "2026-01-01" }), row("whole"), row("gaps", { aim: { it: "", en: "" } })];

  expect(inReadingOrder(rows).map(({ id }) => id)).toEqual(["gaps", "whole", "ended"]);
});
