import { expect, it } from "vitest";
import { me } from "@/testing/people";
import { allows, landingOf } from "./me";

it("reads the scopes as the server does", () => {
  expect(allows(["*"], "messages:write")).toBe(true);
  expect(allows(["customers:write"], "customers:read")).toBe(true);
  expect(allows(["customers:read"], "customers:write")).toBe(false);
});

it("lands each role on the first place of its work", () => {
  const land = (scopes: string[]) => landingOf({ ...me, scopes });
  expect(land(["*"])).toBe("/");
  expect(land(["customers:write", "consents:write"])).toBe("/customers");
  expect(land(["customers:write", "privacy:write"])).toBe("/privacy");
  expect(land(["results:read", "segments:counts"])).toBe("/results");
});
