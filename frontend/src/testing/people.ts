/** Invented people and answers for the tests of the screens, shaped by the contract. */
import type { Schemas } from "@/api/client";

export const me: Schemas["Me"] = {
  id: "u1",
  name: "Giulia Riva",
  email: "giulia@example.it",
  role: "owner",
  scopes: ["*"],
  language: "it",
  totp_enrolled: false,
  step_up_until: null,
  business: { name: "Centro storico", timezone: "Europe/Rome", currency: "EUR", language: "it", country: "IT" },
  demo: true,
  captures_messages: true,
};

export const allowed = {
  verdict: "ALLOW",
  family: "allowed",
  reason: null,
  rule_id: "D-E3",
  sentence: "Ha detto sì il 3 marzo 2024",
  until: null,
  remedy: "",
} as const;

export const saidNo = {
  verdict: "DENY",
  family: "said_no",
  reason: "WITHDRAWN",
  rule_id: "D-E3",
  sentence: "Ha ritirato il consenso il 4 aprile",
  until: null,
  remedy: "Solo un suo nuovo sì, con prova",
} as const;

const euros = (amount: string) => ({ amount, currency: "EUR" });

export function duePerson(change: Partial<Schemas["DueRead"]> = {}): Schemas["DueRead"] {
  return {
    customer_id: "c1",
    full_name: "Marta Bellini",
    recall_kind: "rhythm",
    recall_id: "r1",
    label: "Colore",
    reason: "compra colore circa ogni 34 giorni, l'ultima volta 41 giorni fa",
    visits: ["2026-09-05", "2026-10-11"],
    likely_from: "2026-11-13",
    likely_to: "2026-11-19",
    due_on: "2026-11-14",
    expected_value: euros("86.00"),
    channel: "EMAIL",
    permission: allowed,
    action: "write",
    ...change,
  };
}

export function dueList(items: Schemas["DueRead"][], change: Partial<Schemas["DueListRead"]> = {}): Schemas["DueListRead"] {
  return {
    on: "2026-11-21",
    total: items.length,
    allowed: items.filter((person) => person.permission.family === "allowed").length,
    to_ask: 0,
    said_no: items.filter((person) => person.permission.family === "said_no").length,
    later: 0,
    to_fix: 0,
    items,
    next_days: [],
    ...change,
  };
}

export function customer(change: Partial<Schemas["CustomerRead"]> = {}): Schemas["CustomerRead"] {
  return {
    id: "c1",
    subject_type: "PERSON",
    given_name: "Marta",
    family_name: "Bellini",
    full_name: "Marta Bellini",
    birth_on: "1986-03-02",
    age_band: "35–44",
    is_minor_flagged: false,
    gender: "FEMALE",
    language: "it",
    acquisition_source: "LOYALTY",
    first_contact_on: "2021-03-03",
    spending_capacity: null,
    home_store_id: null,
    country: "IT",
    timezone: null,
    city: "Bologna",
    tags: ["vip"],
    interests: [],
    contact_points: [],
    identifiers: [],
    deceased_at: null,
    restricted_at: null,
    erased_at: null,
    version: 3,
    created_at: "2021-03-03T10:00:00Z",
    updated_at: "2026-11-10T10:00:00Z",
    ...change,
  };
}

export function card(change: Partial<Schemas["CardRead"]> = {}): Schemas["CardRead"] {
  return {
    customer: customer(),
    profile: {
      purchases: 31,
      returns: 1,
      revenue: euros("2214.40"),
      mean_basket: euros("71.43"),
      first_purchase_on: "2021-03-03",
      last_purchase_on: "2026-10-11",
      last_amount: euros("72.00"),
      visit_days: 31,
      revenue_12m: euros("642.00"),
      visits_12m: 9,
    },
    score: null,
    visits: [],
    top_categories: [],
    last_note: null,
    ...change,
  };
}

type Cell = Schemas["PermissionCell"];

export function cell(change: Partial<Cell> = {}): Cell {
  return { channel: "EMAIL", recipient_id: null, basis: "CONSENT_6_1_A", evidence: [], also: [], ...allowed, ...change };
}

export const permissions: Schemas["PermissionMatrix"] = {
  at: "2026-11-21T09:42:00Z",
  rows: [
    { purpose: "MKT_OWN", cells: [cell(), cell({ ...saidNo, channel: "SMS", basis: "NONE" })] },
    { purpose: "PROFILING", cells: [cell({ channel: null })] },
  ],
};
