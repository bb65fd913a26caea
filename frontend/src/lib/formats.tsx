/** Numbers, money, dates and phones as people read them (UX §5). Money arrives as decimal strings and is never parsed to a float. */
import { createContext, useContext, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

export type Money = { amount: string; currency: string };
type Instant = string | Date;

export type Formats = ReturnType<typeof formatsFor>;

const locales: Record<string, string> = { it: "it-IT", en: "en-GB" };
const dayMs = 86_400_000;
const minus = (text: string) => text.replace(/^-/, "−").replace(/(\s)-(?=\d)/g, "$1−");

/** The calendar day of an instant in a zone, as "2026-11-21". */
export function dayOf(at: Instant, timezone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" }).format(new Date(at));
}

/** Whole days from one "YYYY-MM-DD" to another; positive when `to` is later. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

/** The last instant of a calendar day in a zone, when everything said on that day counts. */
export function endOf(day: string, timezone: string): string {
  const next = Date.parse(`${day}T00:00:00Z`) + dayMs;
  // A zone is at most 14 hours away from the world's clock; the midnight wanted is where the local day changes.
  for (let hours = -14; hours <= 14; hours += 0.25) {
    const at = next + hours * 3_600_000;
    if (dayOf(new Date(at), timezone) > day) return new Date(at - 1).toISOString();
  }
  return new Date(next - 1).toISOString();
}

export function formatsFor(language: string, timezone: string, now: () => Date = () => new Date()) {
  const locale = locales[language] ?? "it-IT";
  const grouped = { useGrouping: "always" } as Intl.NumberFormatOptions;
  const count = new Intl.NumberFormat(locale, grouped);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const and = new Intl.ListFormat(locale, { type: "conjunction" });
  const today = () => dayOf(now(), timezone);
  const isPlainDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value);
  const dayFrom = (value: Instant) => (typeof value === "string" && isPlainDay(value) ? value : dayOf(value, timezone));
  const noon = (day: string) => new Date(`${day}T12:00:00Z`);

  /** "9 ott", with the year when it is not this one. */
  function day(value: Instant, month: "short" | "long" = "short"): string {
    const text = dayFrom(value);
    const year = text.slice(0, 4) === today().slice(0, 4) ? undefined : ("numeric" as const);
    return new Intl.DateTimeFormat(locale, { day: "numeric", month, year, timeZone: "UTC" }).format(noon(text));
  }

  return {
    locale,
    timezone,
    today,
    day,
    endOfDay: (value: string) => endOf(value, timezone),
    number: (value: number | string) => minus(count.format(value as Intl.StringNumericLiteral)),
    decimal: (value: number | string, digits = 1) =>
      minus(
        new Intl.NumberFormat(locale, { ...grouped, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
          value as Intl.StringNumericLiteral,
        ),
      ),
    /** A share in 0…1 as "14,1%". */
    percent: (share: number, digits = 1) =>
      minus(new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share)),
    money: (value: Money, options: { whole?: boolean; signed?: boolean } = {}) =>
      minus(
        new Intl.NumberFormat(locale, {
          ...grouped,
          style: "currency",
          currency: value.currency,
          ...(options.whole ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {}),
          ...(options.signed ? { signDisplay: "exceptZero" as const } : {}),
        }).format(value.amount as Intl.StringNumericLiteral),
      ),
    /** Within a week in words ("ieri", "tra 3 giorni"), then the date. */
    relativeDay: (value: Instant): string => {
      const text = dayFrom(value);
      const distance = daysBetween(today(), text);
      return Math.abs(distance) <= 7 ? relative.format(distance, "day") : day(text);
    },
    /** The moment after «da»: "9:00" today, "domani", then the date. */
    from: (at: Instant): string => {
      const distance = daysBetween(today(), dayFrom(at));
      if (distance > 1) return day(at);
      if (distance === 1) return relative.format(1, "day");
      return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: timezone }).format(new Date(at));
    },
    weekday: (value: Instant) =>
      new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(noon(dayFrom(value))),
    longDay: (value: Instant) =>
      new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(noon(dayFrom(value))),
    month: (value: Instant, width: "short" | "long" = "short") =>
      new Intl.DateTimeFormat(locale, { month: width, timeZone: "UTC" }).format(noon(dayFrom(value))),
    time: (at: Instant) =>
      new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: timezone }).format(new Date(at)),
    moment: (at: Instant) =>
      `${day(at)}, ${new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: timezone }).format(new Date(at))}`,
    /** For `title` and screen readers: full date, time and zone. */
    full: (at: Instant) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", timeZone: timezone }).format(new Date(at)),
    list: (items: string[]) => and.format(items),
    days: (value: number) =>
      new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "long", maximumFractionDigits: 0 }).format(value),
    daysSince: (value: Instant) => daysBetween(dayFrom(value), today()),
  };
}

/** "+393331234567" as "333 123 4567" at home, "+41 79…" grouped abroad. */
export function phone(e164: string, homePrefix = "+39"): string {
  if (!e164.startsWith("+")) return e164;
  const national = e164.startsWith(homePrefix) ? e164.slice(homePrefix.length) : null;
  if (national === null) return e164.replace(/^(\+\d{2})(\d+)$/, (_, country: string, rest: string) => `${country} ${inThrees(rest)}`);
  return inThrees(national);
}

function inThrees(digits: string): string {
  const groups: string[] = [];
  let rest = digits;
  while (rest.length > 4) {
    groups.push(rest.slice(0, 3));
    rest = rest.slice(3);
  }
  return [...groups, rest].join(" ");
}

const Zone = createContext("Europe/Rome");

export function FormatsProvider({ timezone, children }: { timezone: string; children: ReactNode }) {
  return <Zone value={timezone}>{children}</Zone>;
}

/** Formats in the reader's language and the business's zone. */
export function useFormats(): Formats {
  const timezone = useContext(Zone);
  const { i18n } = useTranslation();
  return useMemo(() => formatsFor(i18n.language, timezone), [i18n.language, timezone]);
}
