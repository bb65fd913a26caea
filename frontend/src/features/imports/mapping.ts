/** What a column becomes when a person chooses a field for it, and which fields a mapping uses. */
import type { Column, Field, Options, PreviewedColumn } from "./queries";

export function mapTo(mapped: Column, field: Field | undefined, found: PreviewedColumn | undefined): Column {
  if (!field) return { ...mapped, field: null, policy: null, date_format: null };
  const isProposed = found?.proposed_field === field.name;
  const policy = isProposed ? found.proposed_policy : field.name === "phone_2" ? "append" : field.policies[0];
  // A format is taken over only where a single one fits: what is ambiguous is chosen by a person (B-18).
  const fitting = found?.date_formats ?? [];
  const single = fitting.length === 1 ? fitting[0] : undefined;
  return { ...mapped, field: field.name, policy: policy ?? null, date_format: field.type === "date" ? (single ?? null) : null };
}

export const usedFields = (columns: Column[]) => new Set(columns.flatMap((column) => (column.field ? [column.field] : [])));

/** Which parts of a proof neither a column nor the whole file gives (B-06). */
export function missingProof(columns: Column[], options: Options): ("date" | "text" | "evidence")[] {
  const used = usedFields(columns);
  const given = {
    date: used.has("consent_on") || used.has("occurred_on") || options.consent_on,
    text: used.has("consent_text") || used.has("notice") || options.consent_text,
    evidence: used.has("consent_evidence") || used.has("evidence") || options.consent_evidence,
  };
  return (["date", "text", "evidence"] as const).filter((part) => !given[part]);
}
