import { expect, it } from "vitest";
import { boundsOf, instantOf, momentOf } from "./instants";

it("reads a moment on the shop's clock, also on the nights the clock changes", () => {
  expect(instantOf("2026-11-24 09:30:00", "Europe/Rome")).toBe("2026-11-24T08:30:00.000Z");
  expect(instantOf("2026-07-01 09:30:00", "Europe/Rome")).toBe("2026-07-01T07:30:00.000Z");
  expect(momentOf("2026-07-01T07:30:00Z", "Europe/Rome")).toBe("2026-07-01 09:30:00");
  expect(boundsOf("2026-03-29", "Europe/Rome")).toEqual({ start: "2026-03-28T23:00:00.000Z", end: "2026-03-29T22:00:00.000Z" });
});
