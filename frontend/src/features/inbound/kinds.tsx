/** What something that came back is, in icon, word and tone; and what was done about it without anybody. */
import {
  type Icon,
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconBell,
  IconCircleCheck,
  IconFileUnknown,
  IconHelpCircle,
  IconMessage,
  IconMoodSad,
  IconRobot,
  IconShieldX,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Tone, ToneBadge } from "@/ui/tone-badge";
import type { MailKind, MailRow, TextRow } from "./queries";

const mails: Record<MailKind, [Tone, Icon]> = {
  bounce: ["bad", IconArrowBackUp],
  complaint: ["bad", IconMoodSad],
  unsubscribe: ["bad", IconBan],
  reply: ["doubt", IconMessage],
  auto_reply: ["quiet", IconRobot],
  notice: ["quiet", IconBell],
  forged: ["wait", IconShieldX],
  unattributed: ["doubt", IconHelpCircle],
  unreadable: ["doubt", IconFileUnknown],
};
const texts: Record<TextRow["kind"], [Tone, Icon]> = {
  STOP: ["bad", IconBan],
  HUMAN: ["doubt", IconMessage],
  START: ["good", IconCircleCheck],
  HELP: ["quiet", IconHelpCircle],
  NOTHING: ["quiet", IconAlertTriangle],
};

export const mailKinds = Object.keys(mails) as MailKind[];

export function MailKindBadge({ kind }: { kind: MailKind }) {
  const { t } = useTranslation("inbound");
  const [tone, icon] = mails[kind];
  return <ToneBadge tone={tone} icon={icon} word={t(`kind.${kind}`)} />;
}

export function TextKindBadge({ kind }: { kind: TextRow["kind"] }) {
  const { t } = useTranslation("inbound");
  const [tone, icon] = texts[kind];
  return <ToneBadge tone={tone} icon={icon} word={t(`text_kind.${kind}`)} />;
}

/** The key of the sentence that says what happened by itself; a bounce depends on whose fault it was. */
export const doneFor = ({ kind, blame }: Pick<MailRow, "kind" | "blame">) => (kind === "bounce" ? `done.bounce_${blame ?? "unsaid"}` : `done.${kind}`);

/** What the server said, without the name of its protocol; the code only where the words do not carry it. */
export function serverSaid({ status_code, diagnostic }: Pick<MailRow, "status_code" | "diagnostic">): string {
  const words = diagnostic.replace(/^smtp;\s*/i, "");
  return status_code && !words.includes(status_code) ? [status_code, words].filter(Boolean).join(" ") : words;
}
