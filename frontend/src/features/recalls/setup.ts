/** What a recall is made of, and how its form compares with what is saved. */
import type { Recall, Setup } from "./queries";

export function blankSetup(name: string): Setup {
  return {
    kind: "rhythm",
    name,
    template_id: null,
    category_id: null,
    control_share: "0.10",
    window_days: 14,
    cooldown_days: 30,
    lead_days: 0,
    send_from: "09:00",
    send_until: "20:00",
    eligibility_segment_id: null,
  };
}

export function setupOf(recall: Recall): Setup {
  const { kind, name, template_id, category_id, control_share, window_days, cooldown_days, lead_days } = recall;
  const { send_from, send_until, eligibility_segment_id } = recall;
  return {
    kind,
    name,
    template_id,
    category_id,
    control_share,
    window_days,
    cooldown_days,
    lead_days,
    send_from,
    send_until,
    eligibility_segment_id,
  };
}

export function isSame(one: Setup, other: Setup): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A birthday belongs to no category; choosing it forgets the one that was chosen. */
export function withKind(setup: Setup, kind: Setup["kind"]): Setup {
  return { ...setup, kind, category_id: kind === "birthday" ? null : setup.category_id };
}
