import { expect, it } from "vitest";
import { formatsFor } from "@/lib/formats";
import { dayIn, doubtOf } from "./dates";
import { lockOf, openingStep } from "./steps";

const fault = { code: "date-format-missing", column: 3, field: "birth_on" };

it("opens an import where it stands", () => {
  expect(openingStep({ state: "draft", faults: [] })).toBe("file");
  expect(openingStep({ state: "rehearsed", faults: [] })).toBe("rehearsal");
  expect(openingStep({ state: "undone", faults: [] })).toBe("apply");
});

it("locks the rehearsal until every column is decided, and the application until it was rehearsed", () => {
  expect(lockOf("rehearsal", { state: "draft", faults: [fault] })).toBe("step.locked_rehearsal");
  expect(lockOf("rehearsal", { state: "draft", faults: [] })).toBeNull();
  expect(lockOf("apply", { state: "draft", faults: [] })).toBe("step.locked_apply");
  expect(lockOf("apply", { state: "rehearsed", faults: [] })).toBeNull();
});

it("reads a day under a declared format, and no day that does not exist", () => {
  expect(dayIn("03/04/1980", "DD/MM/YYYY")).toBe("1980-04-03");
  expect(dayIn("3/4/80", "MM/DD/YY")).toBe("1980-03-04");
  expect(dayIn("19800403", "YYYYMMDD")).toBe("1980-04-03");
  expect(dayIn("29-02-2023", "DD-MM-YYYY")).toBeNull();
  expect(dayIn("31/12/1980", "MM/DD/YYYY")).toBeNull();
});

it("shows a doubtful date both ways", () => {
  const formats = formatsFor("it", "Europe/Rome", () => new Date("2026-11-24"));
  expect(doubtOf(["01/01/1990", "03/04/1980"], ["DD/MM/YYYY", "MM/DD/YYYY"], formats)).toEqual({
    sample: "03/04/1980",
    readings: ["3 aprile 1980", "4 marzo 1980"],
  });
  expect(doubtOf(["01/01/1990"], ["DD/MM/YYYY", "MM/DD/YYYY"], formats)).toBeNull();
});
