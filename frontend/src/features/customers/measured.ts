/** Which cards a number of «Qualità» stands for, as the address bar says it. */
import type { Schemas } from "@/api/client";

export type Measure = Schemas["Measure"];
export type Source = Schemas["AcquisitionSource"];

const measures = {
  score_below_40: true, score_40_to_59: true, score_60_to_79: true, score_80_or_more: true,
  missing_email: true, missing_phone: true, missing_family_name: true, missing_given_name: true, missing_consent_email: true,
  missing_consent_sms: true, missing_profiling: true, missing_card_number: true, missing_birth_on: true, missing_address: true,
  missing_home_store: true, missing_consent_phone: true, missing_consent_post: true, missing_gender: true, missing_source: true,
  bounced: true, unconfirmed: true, stale: true, never_updated: true, company: true,
} satisfies Record<Measure, true>;

const sources = {
  ORDER: true, QUESTIONNAIRE: true, REGISTRATION: true, CONTEST: true, REQUEST: true, LOYALTY: true,
  WARRANTY: true, STAFF: true, REVIEW: true, WEB: true, BROADCAST: true, FILE: true,
} satisfies Record<Source, true>;

/** `quality=bounced,stale`: every measure at once; what the server would not know is left out. */
export function measuresIn(text: string | undefined): Measure[] {
  return (text?.split(",") ?? []).filter((each): each is Measure => Object.hasOwn(measures, each));
}

export const qualityParam = (value: unknown): string | undefined => measuresIn(typeof value === "string" ? value : undefined).join(",") || undefined;

export const sourceParam = (value: unknown): Source | undefined =>
  typeof value === "string" && Object.hasOwn(sources, value) ? (value as Source) : undefined;
