/** Invented requests for the tests of the privacy desk, shaped by the contract. */
import type { Schemas } from "@/api/client";

export function clockOf(change: Partial<Schemas["ClockRead"]> = {}): Schemas["ClockRead"] {
  return {
    due_on: "2026-12-15",
    target_on: "2026-12-05",
    rule: "THIRTY_DAYS",
    days_left: 21,
    share_left: 0.7,
    is_overdue: false,
    is_paused: false,
    is_extended: false,
    may_extend: true,
    explanation: "Ricevuta il 15 novembre 2026: 30 giorni finiscono prima di un mese di calendario; la risposta è dovuta entro il 15 dicembre 2026.",
    ...change,
  };
}

export function privacyRequest(change: Partial<Schemas["PrivacyRequestRead"]> = {}): Schemas["PrivacyRequestRead"] {
  return {
    id: "q1",
    kind: "ERASURE",
    channel: "LETTER",
    state: "in_progress",
    customer_id: "c1",
    customer_name: "Paolo Greco",
    claimed_identity: null,
    received_on: "2026-11-15",
    clock: clockOf(),
    identity_method: "KNOWN_IN_PERSON",
    identified_at: "2026-11-16T09:00:00Z",
    handler_id: null,
    handler_name: null,
    outcome: null,
    closed_at: null,
    created_at: "2026-11-15T09:00:00Z",
    wish: null,
    evidence_sha256: null,
    paused_on: null,
    pause_reason: null,
    paused_days: 0,
    extended_on: null,
    extension_reason: null,
    answer_reason: null,
    received_by: "Giulia Riva",
    events: [],
    packs: [],
    ...change,
  };
}
