/** One message as its reader sees it, and everything that was asked and answered on its way. */
import { Button, Drawer, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loaded } from "@/ui/faces";
import { MailFrame, MailText } from "@/ui/mail-frame";
import { MessageStatus } from "@/ui/message-status";
import { PermissionBadge } from "@/ui/permission-badge";
import { tell, tellProblem } from "@/ui/toast";
import { MessageHistory } from "./message-history";
import classes from "./messages.module.css";
import { type Decision, type Message, messageQuery, useResolve } from "./queries";

export function MessageDrawer({ id, onClose }: { id?: string; onClose: () => void }) {
  const { t } = useTranslation(["messages", "common"]);
  const query = useQuery({ ...messageQuery(id ?? ""), enabled: id !== undefined });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      size={620}
      title={query.data?.customer_name ?? t("drawer.label")}
      closeButtonProps={{ "aria-label": t("common:act.close") }}
    >
      {id && <Loaded query={query}>{(message) => <Opened message={message} />}</Loaded>}
    </Drawer>
  );
}

const views = ["rendered", "text", "headers", "permission", "history"] as const;
type View = (typeof views)[number];

function Opened({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const [view, setView] = useState<View>(openingView(message));
  const shown = views.filter((each) => isShown(each, message));
  return (
    <Stack gap="md">
      <Facts message={message} />
      {message.status === "unknown" && <Doubt message={message} />}
      <SegmentedControl
        fullWidth
        aria-label={t("drawer.label")}
        value={view}
        onChange={(next) => setView(next as View)}
        data={shown.map((each) => ({ value: each, label: t(`drawer.${each}`) }))}
      />
      <ViewBody view={view} message={message} />
    </Stack>
  );
}

/** What one came to read: why it did not arrive, what was written, or why nothing was. */
function openingView({ status, html, text }: Message): View {
  if (status === "bounced" || status === "failed") return "history";
  if (html !== null) return "rendered";
  return text !== null ? "text" : "permission";
}

function isShown(view: View, message: Message): boolean {
  if (view === "rendered") return message.html !== null;
  if (view === "text") return message.text !== null;
  return view !== "headers" || message.headers.length > 0;
}

function Facts({ message }: { message: Message }) {
  const { t } = useTranslation(["messages", "common"]);
  return (
    <div>
      <Group gap="sm" mb={6}>
        <MessageStatus status={message.status} />
        <Text size="sm" c="dimmed">
          {t(`common:channel.${message.channel}`)} · {t(`common:purpose.${message.purpose}`)} · {message.touch_name ?? t("one_off")}
        </Text>
      </Group>
      {message.reason_sentence && <Text fw={600}>{message.reason_sentence}</Text>}
      {message.subject && (
        <Text fw={600} size="lg">
          {message.subject}
        </Text>
      )}
      {message.to && (
        <Text size="sm" c="dimmed">
          {t("drawer.to")}: {message.to}
        </Text>
      )}
      <Group gap="md" mt={6}>
        <Link to="/customers/$customerId" params={{ customerId: message.customer_id }}>
          {t("drawer.open_card")}
        </Link>
        {message.unsubscribe_url && (
          <a href={message.unsubscribe_url} target="_blank" rel="noreferrer noopener" data-unsubscribe>
            {t("drawer.unsubscribe")}
          </a>
        )}
      </Group>
    </div>
  );
}

function ViewBody({ view, message }: { view: View; message: Message }) {
  const { t } = useTranslation("messages");
  if (view === "rendered" && message.html) {
    return (
      <div>
        <MailFrame html={message.html} title={message.subject ?? t("drawer.label")} height={560} />
        <Text size="xs" c="dimmed" mt={6}>
          {t("drawer.isolated")}
        </Text>
      </div>
    );
  }
  if (view === "text" && message.text) return <MailText text={message.text} />;
  if (view === "headers") return <Headers headers={message.headers} />;
  if (view === "history") return <MessageHistory message={message} />;
  return (
    <Stack gap="lg">
      {message.html === null && message.text === null && (
        <div>
          <Text fw={600}>{t("drawer.not_produced")}</Text>
          <Text size="sm" c="dimmed">
            {t("drawer.not_produced_detail")}
          </Text>
        </div>
      )}
      <Answer title={t("drawer.at_plan")} decision={message.decision} />
      <Answer title={t("drawer.at_handoff")} decision={message.handoff_decision} />
    </Stack>
  );
}

function Answer({ title, decision }: { title: string; decision: Decision | null }) {
  const { t } = useTranslation("messages");
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {title}
      </Text>
      {decision ? (
        <>
          <PermissionBadge family={decision.family} />
          {decision.sentence && <Text mt={4}>{decision.sentence}</Text>}
          <Text size="xs" c="dimmed">
            {[decision.reason, decision.rule_id && t("drawer.rule", { rule: decision.rule_id }), decision.basis].filter(Boolean).join(" · ")}
          </Text>
        </>
      ) : (
        <Text size="sm">{t("drawer.not_asked")}</Text>
      )}
    </div>
  );
}

function Headers({ headers }: { headers: [string, string][] }) {
  return (
    <dl className={classes.headers}>
      {headers.map(([name, value], index) => (
        <div key={index} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Nobody knows whether it arrived: a person says, and nothing is ever sent again blindly. */
function Doubt({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const resolve = useResolve(message.id);
  const decide = (outcome: "received" | "not_received") =>
    resolve.mutate(outcome, { onSuccess: () => tell(t("doubt.saved")), onError: tellProblem });
  return (
    <div className={classes.doubt}>
      <Text fw={600}>{t("doubt.title")}</Text>
      <Text size="sm" mb="sm">
        {t("doubt.detail")}
      </Text>
      <Group gap="sm">
        <Button loading={resolve.isPending} onClick={() => decide("received")}>
          {t("doubt.received")}
        </Button>
        <Button loading={resolve.isPending} onClick={() => decide("not_received")}>
          {t("doubt.not_received")}
        </Button>
      </Group>
    </div>
  );
}
