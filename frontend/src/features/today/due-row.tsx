import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconBarcode, IconDots, IconMailbox, IconPhone, IconUser, type Icon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { daysBetween, useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { LinkButton } from "@/ui/link-button";
import { PermissionBadge } from "@/ui/permission-badge";
import { RhythmStrip } from "@/ui/rhythm-strip";
import { tell, tellProblem } from "@/ui/toast";
import { Why } from "@/ui/why";
import { useDismissal, type DueItem } from "./queries";
import classes from "./today.module.css";

type Props = { person: DueItem; on: string; onWrite: (person: DueItem) => void };

export function DueRow({ person, on, onWrite }: Props) {
  const formats = useFormats();
  const { t: tc } = useTranslation();
  return (
    <li className={classes.row}>
      <div className={classes.who}>
        <div className={classes.title}>
          <Link to="/customers/$customerId" params={{ customerId: person.customer_id }} className={classes.name}>
            {person.full_name}
          </Link>
          <span className={classes.tag} title={person.label}>
            {person.label}
          </span>
        </div>
        <div className={classes.reason} title={person.reason}>
          {person.reason}
        </div>
      </div>
      <RhythmStrip visits={person.visits} likelyFrom={person.likely_from} likelyTo={person.likely_to} today={on} width={128} />
      <div className={classes.value}>{person.expected_value ? formats.money(person.expected_value, { whole: true }) : tc("none")}</div>
      <div>
        <Answer person={person} />
      </div>
      <div className={`${classes.acts} no-print`}>
        <Act person={person} onWrite={onWrite} />
        <NotNow person={person} on={on} />
      </div>
    </li>
  );
}

/** The gate's answer with its reasons one click away. */
function Answer({ person }: { person: DueItem }) {
  const { t } = useTranslation("today");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const { permission } = person;
  const channel = tc(`channel.${person.channel}`);
  const word =
    permission.family === "allowed" ? channel : permission.family === "said_no" ? t("no_channel", { channel }) : undefined;
  const when = permission.until ? formats.from(permission.until) : null;
  return (
    <Why
      label={t("why_label", { name: person.full_name, answer: permission.sentence ?? channel })}
      explanation={{
        sentence: permission.sentence ?? tc(`family.${permission.family}`),
        facts: permission.until ? [{ label: t("possible_from"), value: formats.moment(permission.until) }] : [],
        remedy: permission.remedy,
        code: [permission.rule_id, permission.reason].filter(Boolean).join(" · "),
      }}
    >
      <PermissionBadge family={permission.family} word={word} when={when} />
    </Why>
  );
}

const acts: Record<string, Icon> = { call: IconPhone, counter: IconBarcode };

function Act({ person, onWrite }: { person: DueItem; onWrite: Props["onWrite"] }) {
  const { t } = useTranslation("today");
  const mayWrite = useMay("messages:write");
  if (person.action === "none") return null;
  if (mayWrite && (person.action === "write" || person.action === "letter")) {
    return (
      <Button
        className={classes.act}
        leftSection={person.action === "letter" ? <IconMailbox size={16} stroke={1.75} /> : <ChannelIcon channel={person.channel} />}
        onClick={() => onWrite(person)}
      >
        {t(`act.${person.action}`)}
      </Button>
    );
  }
  const Drawn = acts[person.action] ?? IconUser;
  return (
    <LinkButton
      className={classes.act}
      leftSection={<Drawn size={16} stroke={1.75} />}
      to="/customers/$customerId" params={{ customerId: person.customer_id }}
    >
      {t(acts[person.action] ? `act.${person.action}` : "act.open")}
    </LinkButton>
  );
}

const laterDay = (on: string, days: number) => new Date(Date.parse(`${on}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

function NotNow({ person, on }: { person: DueItem; on: string }) {
  const { t } = useTranslation("today");
  const formats = useFormats();
  const dismissal = useDismissal();
  function dismiss(until: string | null) {
    dismissal.mutate(
      { customer_id: person.customer_id, recall_id: person.recall_id, until, never: until === null },
      {
        onSuccess: () =>
          tell(
            until && daysBetween(on, until) > 0
              ? t("dismissed_until", { name: person.full_name, day: formats.relativeDay(until) })
              : t("dismissed_never", { name: person.full_name, label: person.label }),
          ),
        onError: tellProblem,
      },
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={26} aria-label={t("not_now_for", { name: person.full_name })}>
          <IconDots size={16} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("not_now")}</Menu.Label>
        <Menu.Item onClick={() => dismiss(laterDay(on, 1))}>{t("tomorrow")}</Menu.Item>
        <Menu.Item onClick={() => dismiss(laterDay(on, 7))}>{t("in_a_week")}</Menu.Item>
        <Menu.Item onClick={() => dismiss(null)}>{t("never", { label: person.label })}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
