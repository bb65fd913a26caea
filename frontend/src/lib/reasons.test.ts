/** Every reason of the contract, and every other ending of a message, has its words and a remedy in both languages (UX §1). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import english from "./i18n/en/reasons.json";
import italian from "./i18n/it/reasons.json";

const contract = readFileSync("src/api/schema.d.ts", "utf8");
const listed = /\n {8}Reason: ([^;]+);/.exec(contract)?.[1] ?? "";
const reasons = [...listed.matchAll(/"([A-Z_]+)"/g)].map((found) => found[1] ?? "");

const rules = readFileSync("../backend/ritorno/messaging/rules.py", "utf8");
const listedEndings = /class Ending\(StrEnum\):(.*?)\n\n\n/s.exec(rules)?.[1] ?? "";
const endings = [...listedEndings.matchAll(/ = "([A-Z_]+)"/g)].map((found) => found[1] ?? "");

const codes = [...new Set([...reasons, ...endings])];

it("finds the reasons in the contract", () => {
  expect(reasons).toContain("OBJECTED");
  expect(endings).toContain("SHARED_ADDRESS");
});

it.each(codes)("%s has words and a remedy", (code) => {
  for (const dictionary of [italian, english] as Record<string, { text: string; remedy: string }>[]) {
    expect(dictionary[code]?.text).toBeTruthy();
    expect(dictionary[code]?.remedy).toBeTruthy();
  }
});
