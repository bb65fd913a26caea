import { IconArrowBackUp, IconCircleCheck, IconHandStop, IconHourglass, IconPencil, IconPlayerPlay, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import type { ImportState } from "./queries";

const looks: Record<ImportState, [Tone, Icon]> = {
  draft: ["quiet", IconPencil],
  rehearsing: ["wait", IconHourglass],
  rehearsed: ["doubt", IconPlayerPlay],
  applying: ["wait", IconHourglass],
  applied: ["good", IconCircleCheck],
  undoing: ["wait", IconArrowBackUp],
  undone: ["quiet", IconArrowBackUp],
};

export function StateOfImport({ state, failure }: { state: ImportState; failure: string | null }) {
  const { t } = useTranslation("imports");
  if (failure) return <ToneBadge tone="bad" icon={IconHandStop} word={t("state.stopped")} />;
  const [tone, icon] = looks[state];
  return <ToneBadge tone={tone} icon={icon} word={t(`state.${state}`)} />;
}
