/** Every reason of the contract has its words and a remedy, in both languages (UX §1). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import english from "./i18n/en/reasons.json";
import italian from "./i18n/it/reasons.json";

const contract = readFileSync("src/api/schema.d.ts", "utf8");
const listed = /\n {8}Reason: ([^;]+);/.exec(contract)?.[1] ?? "";
const codes = [...listed.matchAll(/"([A-Z_]+)"/g)].map((found) => found[1] ?? "");

it("finds the reasons in the contract", () => {
  expect(codes).toContain("OBJECTED");
});

it.each(codes)("%s has words and a remedy", (code) => {
  for (const dictionary of [italian, english] as Record<string, { text: string; remedy: string }>[]) {
    expect(dictionary[code]?.text).toBeTruthy();
    expect(dictionary[code]?.remedy).toBeTruthy();
  }
});
