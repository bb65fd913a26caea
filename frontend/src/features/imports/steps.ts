/** The steps of an import as places in the URL: which are locked and why, and where an import opens. */
import type { Import } from "./queries";

export const steps = ["file", "columns", "rehearsal", "apply"] as const;
export type Step = (typeof steps)[number];

export const isStep = (value: unknown): value is Step => steps.includes(value as Step);

type Known = Pick<Import, "state" | "faults">;

export const isEditable = ({ state }: Pick<Import, "state">) => state === "draft" || state === "rehearsed";
/** Something of it may be in the database. */
export const hasBegun = ({ state }: Pick<Import, "state">) => state === "applying" || state === "applied" || state === "undoing" || state === "undone";

export function openingStep({ state }: Known): Step {
  if (state === "draft") return "file";
  return state === "rehearsing" || state === "rehearsed" ? "rehearsal" : "apply";
}

/** The key of the sentence that says why a step cannot be opened yet. */
export function lockOf(step: Step, { state, faults }: Known): "step.locked_rehearsal" | "step.locked_apply" | null {
  if (step === "rehearsal" && state === "draft" && faults.length > 0) return "step.locked_rehearsal";
  if (step === "apply" && (state === "draft" || state === "rehearsing")) return "step.locked_apply";
  return null;
}

export function isDone(step: Step, subject: Known): boolean {
  if (step === "file") return subject.state !== "draft" || subject.faults.length === 0;
  if (step === "columns") return subject.faults.length === 0;
  if (step === "rehearsal") return subject.state === "rehearsed" || hasBegun(subject);
  return subject.state === "applied" || subject.state === "undone";
}

type Counts = Record<string, number>;
const sum = (counts: Counts, names: string[]) => names.reduce((total, name) => total + (counts[name] ?? 0), 0);

/** Rows that change something, and all that can be taken. */
export const changing = (counts: Counts) => sum(counts, ["created", "updated", "merged", "unclaimed"]);
export const taken = (counts: Counts) => changing(counts) + (counts.unchanged ?? 0);
export const undoneRows = (counts: Counts) => sum(counts, ["removed", "restored", "kept"]);
