import { describe, expect, it } from "vitest";
import { dayOf, daysBetween, endOf, formatsFor, phone } from "./formats";

const now = () => new Date("2026-11-21T09:42:00Z");
const italian = formatsFor("it", "Europe/Rome", now);
const english = formatsFor("en", "Europe/Rome", now);
const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("money", () => {
  it("groups thousands in Italian even below ten thousand", () => {
    expect(plain(italian.money({ amount: "1240.50", currency: "EUR" }))).toBe("1.240,50 €");
  });

  it("keeps every digit of an amount no float could hold", () => {
    expect(plain(italian.money({ amount: "9007199254740993.15", currency: "EUR" }))).toBe("9.007.199.254.740.993,15 €");
  });

  it("writes a real minus sign", () => {
    expect(plain(italian.money({ amount: "-12.00", currency: "EUR" }))).toBe("−12,00 €");
  });

  it("rounds to euros where a whole column does", () => {
    expect(plain(italian.money({ amount: "85.70", currency: "EUR" }, { whole: true }))).toBe("86 €");
  });
});

describe("dates", () => {
  it("speaks of days within a week", () => {
    expect(italian.relativeDay("2026-11-20")).toBe("ieri");
    expect(italian.relativeDay("2026-11-24")).toBe("tra 3 giorni");
    expect(english.relativeDay("2026-11-20")).toBe("yesterday");
  });

  it("then gives the date, with the year when it is not this one", () => {
    expect(italian.relativeDay("2026-10-09")).toBe("9 ott");
    expect(italian.relativeDay("2024-03-03")).toBe("3 mar 2024");
  });

  it("reads an instant on the business's calendar day, not on UTC's", () => {
    expect(dayOf("2026-11-20T23:30:00Z", "Europe/Rome")).toBe("2026-11-21");
    expect(italian.relativeDay("2026-11-20T23:30:00Z")).toBe("oggi");
  });

  it("says from when something may leave", () => {
    expect(italian.from("2026-11-21T17:00:00Z")).toBe("18:00");
    expect(italian.from("2026-11-22T08:00:00Z")).toBe("domani");
    expect(italian.from("2026-11-25T08:00:00Z")).toBe("25 nov");
  });

  it("counts days across the change of hour", () => {
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
  });
});

describe("phones", () => {
  it("are national at home and international abroad", () => {
    expect(phone("+393331234567")).toBe("333 123 4567");
    expect(phone("+41791234567")).toBe("+41 791 234 567");
  });
});

it("writes percentages and counts as the language does", () => {
  expect(plain(italian.percent(0.141))).toBe("14,1%");
  expect(italian.number(1240)).toBe("1.240");
  expect(english.number(1240)).toBe("1,240");
});

describe("the end of a day", () => {
  it.each([
    ["2026-07-01", "Europe/Rome", "2026-07-01T21:59:59.999Z"],
    ["2026-12-01", "Europe/Rome", "2026-12-01T22:59:59.999Z"],
    // The day the clocks go back has 25 hours.
    ["2026-10-25", "Europe/Rome", "2026-10-25T22:59:59.999Z"],
    ["2026-12-01", "Asia/Kathmandu", "2026-12-01T18:14:59.999Z"],
  ])("%s in %s is %s", (day, zone, instant) => {
    expect(endOf(day, zone)).toBe(instant);
  });
});
