/** One sender: who it is, whether it may write, each condition with its answer, and the key that signs its mail. */
import { Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconTool, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay, useMe } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { tell, tellProblem } from "@/ui/toast";
import { DnsRecord } from "./dns-record";
import { type Check, type Sender, useCheckSender } from "./queries";
import classes from "./senders.module.css";
import { SigningKeys } from "./signing-keys";
import { WarmUp } from "./warm-up";

export function SenderPanel({ sender, onEdit }: { sender: Sender; onEdit: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const mayWrite = useMay("messages:write");
  const isMail = sender.channel === "EMAIL";
  return (
    <Panel
      title={
        <Group gap={7}>
          <ChannelIcon channel={sender.channel} />
          {t(`common:channel.${sender.channel}`)} · {t(`senders.stream.${sender.stream}`)}
        </Group>
      }
      more={
        <Group gap="sm">
          <Standing sender={sender} />
          {mayWrite && (
            <Button size="xs" onClick={onEdit}>
              {t("senders.edit")}
            </Button>
          )}
        </Group>
      }
    >
      <PanelBody>
        <Facts sender={sender} />
      </PanelBody>
      <PanelRow>
        <ul className={classes.checks}>
          {[...sender.readiness, ...sender.checks].map((check, index) => (
            <CheckLine key={`${check.code}-${index}`} check={check} />
          ))}
        </ul>
        {isMail && <CheckNow sender={sender} />}
      </PanelRow>
      {isMail && <SigningKeys sender={sender} />}
      {isMail && <WarmUp sender={sender} />}
    </Panel>
  );
}

function Standing({ sender }: { sender: Sender }) {
  const { t } = useTranslation("settings");
  if (!sender.is_ready) return <ToneBadge tone="bad" icon={IconTool} word={t("senders.not_ready")} />;
  // Mail nobody waits for is refused first: receipts may pass where offers do not (E-07).
  if (sender.stream === "MARKETING" && sender.checks.some((check) => check.state === "failed")) {
    return <ToneBadge tone="bad" icon={IconTool} word={t("senders.not_ready_for_marketing")} />;
  }
  const isWarned = sender.checks.some((check) => check.state === "warning");
  return <ToneBadge tone={isWarned ? "wait" : "good"} icon={isWarned ? IconAlertTriangle : IconCircleCheck} word={t(isWarned ? "senders.ready_warned" : "senders.ready")} />;
}

function Facts({ sender }: { sender: Sender }) {
  const { t } = useTranslation("settings");
  const { business } = useMe();
  const { money, day } = useFormats();
  const cents = String(sender.unit_cost_minor).padStart(3, "0");
  const cost = money({ amount: `${cents.slice(0, -2)}.${cents.slice(-2)}`, currency: business.currency });
  const facts: [string, string | null][] = [
    [t("senders.name"), sender.name],
    [t(sender.channel === "SMS" ? "senders.alias" : "senders.address"), sender.address],
    [t("senders.reply_to"), sender.reply_to],
    [t("senders.registered_on"), sender.channel === "SMS" ? (sender.registered_on ? day(sender.registered_on, "long") : t("senders.not_registered")) : null],
    [t(sender.channel === "SMS" ? "senders.cost_part" : "senders.cost"), cost],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(
        ([label, value]) =>
          value && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

const looks: Record<Check["state"], { icon: Icon; colour: string }> = {
  ok: { icon: IconCircleCheck, colour: "var(--allowed)" },
  warning: { icon: IconAlertTriangle, colour: "var(--deferred)" },
  failed: { icon: IconTool, colour: "var(--denied)" },
  unknown: { icon: IconCircleDashed, colour: "var(--unknown)" },
};

function CheckLine({ check }: { check: Check }) {
  const { t } = useTranslation("settings");
  const { icon: Drawn, colour } = looks[check.state];
  return (
    <li>
      <Drawn size={17} stroke={1.75} color={colour} aria-label={t(`senders.state.${check.state}`)} />
      <div>
        {t(`senders.check.${check.code}`, { defaultValue: check.code })}
        {check.state !== "ok" && (
          <Text size="sm" c={check.state === "failed" ? "var(--denied)" : "dimmed"}>
            {check.state === "unknown" ? t("senders.unknown") : t(`senders.todo.${check.code}`, { defaultValue: check.detail })}
          </Text>
        )}
        {check.publish && <DnsRecord record={check.publish} />}
      </div>
      {check.state === "ok" && (
        <Text size="xs" c="dimmed" className={classes.detail}>
          {check.detail}
        </Text>
      )}
    </li>
  );
}

function CheckNow({ sender }: { sender: Sender }) {
  const { t } = useTranslation("settings");
  const { moment } = useFormats();
  const mayWrite = useMay("messages:write");
  const check = useCheckSender();
  return (
    <Group gap="sm" mt="sm">
      {mayWrite && (
        <Button
          size="xs"
          loading={check.isPending}
          onClick={() => check.mutate(sender.id, { onSuccess: () => tell(t("senders.checked_now")), onError: tellProblem })}
        >
          {t("senders.check_now")}
        </Button>
      )}
      <Text size="xs" c="dimmed">
        {sender.checked_at ? t("senders.checked", { when: moment(sender.checked_at) }) : t("senders.never_checked")}
        {sender.bulk_since && ` · ${t("senders.bulk")}`}
      </Text>
    </Group>
  );
}
