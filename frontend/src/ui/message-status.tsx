/** The state of one message in words: the same on the campaign, in Messages and on the card. */
import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconClockPause,
  IconHelpCircle,
  IconHourglass,
  IconSend,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ToneBadge, type Tone } from "./tone-badge";

const looks: Record<string, [Tone, Icon]> = {
  planned: ["quiet", IconHourglass],
  queued: ["quiet", IconHourglass],
  claimed: ["quiet", IconHourglass],
  sending: ["quiet", IconSend],
  sent: ["good", IconSend],
  delivered: ["good", IconCircleCheck],
  bounced: ["bad", IconArrowBackUp],
  failed: ["bad", IconAlertTriangle],
  skipped: ["bad", IconBan],
  control: ["quiet", IconCircleDashed],
  deferred: ["wait", IconClockPause],
  cancelled: ["quiet", IconBan],
  unknown: ["doubt", IconHelpCircle],
};

export function MessageStatus({ status }: { status: string }) {
  const { t } = useTranslation("messages");
  const [tone, icon] = looks[status] ?? ["doubt", IconHelpCircle];
  return <ToneBadge tone={tone} icon={icon} word={t(`status.${status}`)} />;
}
