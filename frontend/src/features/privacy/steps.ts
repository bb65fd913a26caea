/** The steps of one request, from what the server says of it: who asks, the work of its kind, the answer. */
import { isBuilding, type PrivacyRequest } from "./queries";

export const steps = ["identity", "work", "answer"] as const;
export type Step = (typeof steps)[number];

export const isStep = (value: unknown): value is Step => steps.includes(value as Step);

export const hasPack = ({ kind }: Pick<PrivacyRequest, "kind">) => kind === "ACCESS" || kind === "PORTABILITY";
export const isClosed = ({ closed_at }: Pick<PrivacyRequest, "closed_at">) => closed_at !== null;

export function isDone(step: Step, request: PrivacyRequest): boolean {
  switch (step) {
    case "identity":
      return request.identified_at !== null;
    case "work":
      return hasPack(request) ? request.packs.some(({ state }) => state === "done") : isClosed(request);
    case "answer":
      return isClosed(request);
  }
}

/** Nothing of a person is shown or done before it is sure who asks (C-28); a refusal needs nobody. */
export function lockOf(step: Step, request: PrivacyRequest): "step.lock_identity" | null {
  return step === "work" && !request.identified_at ? "step.lock_identity" : null;
}

export function openingStep(request: PrivacyRequest): Step {
  if (isClosed(request)) return "answer";
  if (!request.identified_at) return "identity";
  return hasPack(request) && request.packs.some((pack) => !isBuilding(pack) && pack.state === "done") ? "answer" : "work";
}
