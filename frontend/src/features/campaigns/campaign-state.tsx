import { IconBan, IconCircleCheck, IconClock, IconPencil, IconPlayerPause, IconSend, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import type { CampaignState } from "./queries";

const looks: Record<CampaignState, [Tone, Icon]> = {
  draft: ["quiet", IconPencil],
  scheduled: ["wait", IconClock],
  sending: ["good", IconSend],
  paused: ["wait", IconPlayerPause],
  done: ["good", IconCircleCheck],
  cancelled: ["quiet", IconBan],
};

export function StateOfCampaign({ state }: { state: CampaignState }) {
  const { t } = useTranslation("campaigns");
  const [tone, icon] = looks[state];
  return <ToneBadge tone={tone} icon={icon} word={t(`state.${state}`)} />;
}
