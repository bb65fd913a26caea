/** A moment as a picker writes it, "2026-11-24 09:30:00" on the shop's clock, and the instant it names. */
export function momentOf(instant: string, timezone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "medium" }).format(new Date(instant));
}

export function instantOf(moment: string, timezone: string): string {
  const asUtc = Date.parse(`${moment.replace(" ", "T")}Z`);
  // What the shop's clock shows at that instant of UTC tells how far it is from UTC; twice, for the hours around a change.
  const offset = (at: number) => Date.parse(`${momentOf(new Date(at).toISOString(), timezone).replace(" ", "T")}Z`) - at;
  return new Date(asUtc - offset(asUtc - offset(asUtc))).toISOString();
}

/** The instants a day of the shop's calendar begins and ends at. */
export function boundsOf(day: string, timezone: string): { start: string; end: string } {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { start: instantOf(`${day} 00:00:00`, timezone), end: instantOf(`${next} 00:00:00`, timezone) };
}
