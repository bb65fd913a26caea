/** Date formats as people read them. An ambiguous date is shown both ways and decided by a person (B-18). */
import type { Formats } from "@/lib/formats";

/** What may be declared for a column; the server knows the same list. */
export const dateFormats = [
  "DD/MM/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "DD/MM/YY", "DD-MM-YY", "DD.MM.YY", "YYYY-MM-DD", "YYYY/MM/DD", "MM/DD/YYYY", "MM-DD-YYYY",
  "MM/DD/YY", "YYYYMMDD", "DDMMYYYY", "D MONTH YYYY", "MONTH D, YYYY", "ISO", "EXCEL1900", "EXCEL1904",
];

const digits = { DD: "(?<d>\\d{1,2})", MM: "(?<m>\\d{1,2})", YYYY: "(?<y>\\d{4})", YY: "(?<y>\\d{2})" } as Record<string, string>;

/** The day a text means under a format of digits, as "1980-04-03"; null for other formats and for what is no day. */
export function dayIn(text: string, format: string): string | null {
  const isPlain = /^(DD|MM|YYYY|YY|[/.-])+$/.test(format);
  if (!isPlain) return null;
  const separated = /[/.-]/.test(format);
  const shape = format.replace(/YYYY|YY|DD|MM/g, (part) => (separated ? (digits[part] ?? "") : (digits[part] ?? "").replace("1,2", "2"))).replaceAll(".", "\\.");
  const found = new RegExp(`^${shape}(?:[ T].*)?$`).exec(text.trim())?.groups;
  if (!found) return null;
  const short = Number(found.y);
  const year = found.y?.length === 2 ? (short <= 30 ? 2000 + short : 1900 + short) : short;
  const day = `${String(year).padStart(4, "0")}-${found.m?.padStart(2, "0")}-${found.d?.padStart(2, "0")}`;
  const moment = new Date(`${day}T12:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day) ? day : null;
}

/** The sample that tells the fitting formats apart best, and what it would be under each: «03/04/1980 → 3 aprile o 4 marzo?» */
export function doubtOf(samples: string[], fitting: string[], formats: Pick<Formats, "day">): { sample: string; readings: string[] } | null {
  for (const sample of samples) {
    const days = new Set(fitting.map((format) => dayIn(sample, format)).filter((day) => day !== null));
    if (days.size > 1) return { sample, readings: [...days].map((day) => formats.day(day, "long")) };
  }
  return null;
}
