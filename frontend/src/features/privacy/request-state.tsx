import { IconArrowBackUp, IconCircleCheck, IconCircleHalf, IconClockPause, IconHandStop, IconHourglass, IconInbox, IconMailQuestion, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import type { Outcome, RequestRow } from "./queries";

const looks: Record<Exclude<RequestRow["state"], "answered">, [Tone, Icon]> = {
  received: ["wait", IconInbox],
  identity_pending: ["wait", IconMailQuestion],
  in_progress: ["wait", IconHourglass],
  withdrawn: ["quiet", IconArrowBackUp],
};
const outcomes: Record<Outcome, [Tone, Icon]> = {
  GRANTED: ["good", IconCircleCheck],
  PARTLY: ["wait", IconCircleHalf],
  REFUSED: ["bad", IconHandStop],
};

/** Where a request stands: its outcome once it has one. */
export function RequestState({ request }: { request: Pick<RequestRow, "state" | "outcome" | "clock"> }) {
  const { t } = useTranslation("privacy");
  if (request.clock?.is_paused) return <ToneBadge tone="doubt" icon={IconClockPause} word={t("next.paused")} />;
  if (request.outcome) {
    const [tone, icon] = outcomes[request.outcome];
    return <ToneBadge tone={tone} icon={icon} word={t(`outcome.${request.outcome}`)} />;
  }
  const [tone, icon] = looks[request.state as keyof typeof looks];
  return <ToneBadge tone={tone} icon={icon} word={t(`state.${request.state}`)} />;
}
