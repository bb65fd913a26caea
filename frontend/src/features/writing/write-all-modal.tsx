/** The same text to the people of a list: the gate answers for each before anything leaves, and again when each one leaves. */
import { Group, Progress, Select, Stack, Text, Button, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { PermissionBadge } from "@/ui/permission-badge";
import { StateBar, StateBarLegend, type Part } from "@/ui/state-bar";
import { decisionsOptions, templateChoicesOptions, writeTo, type Decision, type TemplateChoice } from "./queries";
import type { Recipient } from "./write-drawer";
import classes from "./writing.module.css";

type Props = { recipients: Recipient[] | null; onClose: () => void };

export function WriteAllModal({ recipients, onClose }: Props) {
  const { t } = useTranslation("writing");
  const templates = useQuery({ ...templateChoicesOptions, enabled: recipients !== null });
  return (
    <Modal opened={recipients !== null} onClose={onClose} title={t("all_title")} size="lg">
      {recipients && (
        <Loaded query={templates}>{(choices) => <WriteAll recipients={recipients} choices={choices} onClose={onClose} />}</Loaded>
      )}
    </Modal>
  );
}

function WriteAll({ recipients, choices, onClose }: { recipients: Recipient[]; choices: TemplateChoice[]; onClose: () => void }) {
  const { t } = useTranslation("writing");
  const { t: tc } = useTranslation();
  const [templateId, setTemplateId] = useState(choices.find((choice) => choice.channel === recipients[0]?.channel)?.id ?? choices[0]?.id ?? null);
  const template = choices.find((choice) => choice.id === templateId);
  const decisions = useQuery(
    decisionsOptions(
      recipients.map((person) => person.id),
      template,
    ),
  );
  const sending = useSending();
  if (choices.length === 0) return <Text>{t("no_templates")}</Text>;
  return (
    <Stack gap="lg">
      <Select
        label={t("template")}
        value={templateId}
        onChange={setTemplateId}
        allowDeselect={false}
        disabled={sending.state !== "before"}
        data={choices.map((choice) => ({ value: choice.id, label: `${choice.name} · ${tc(`channel.${choice.channel}`)}` }))}
      />
      <Loaded query={decisions}>
        {(answers) => {
          const willGo = answers.filter((decision) => decision.verdict === "ALLOW" || decision.verdict === "DEFER");
          return (
            <>
              <Rehearsal answers={answers} recipients={recipients} />
              {sending.state !== "before" && (
                <div role="status">
                  <Progress value={(sending.done / Math.max(willGo.length, 1)) * 100} mb="xs" />
                  <Text size="sm">{t("progress", { done: sending.done, total: willGo.length, skipped: sending.skipped })}</Text>
                </div>
              )}
              <Group justify="flex-end" gap="sm">
                <Button onClick={onClose} data-autofocus>
                  {tc(sending.state === "after" ? "act.close" : "act.cancel")}
                </Button>
                {sending.state !== "after" && willGo.length > 0 && template && (
                  <Button variant="filled" loading={sending.state === "during"} onClick={() => void sending.start(willGo, template)}>
                    {t("all_send", { count: willGo.length })}
                  </Button>
                )}
              </Group>
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function Rehearsal({ answers, recipients }: { answers: Decision[]; recipients: Recipient[] }) {
  const { t } = useTranslation("writing");
  const formats = useFormats();
  const names = new Map(recipients.map((person) => [person.id, person.name]));
  const count = (verdicts: string[]) => answers.filter((decision) => verdicts.includes(decision.verdict)).length;
  const parts: Part[] = [
    { value: count(["ALLOW"]), label: t("will_receive"), tone: "ink" },
    { value: count(["DEFER"]), label: t("later"), tone: "sky" },
    { value: count(["DENY", "REVIEW"]), label: t("excluded"), tone: "rest" },
  ];
  return (
    <Stack gap="sm">
      <Text fw={600}>{t("rehearsal", { allowed: parts[0]?.value, later: parts[1]?.value, excluded: parts[2]?.value })}</Text>
      <StateBar parts={parts} />
      <StateBarLegend parts={parts} />
      <ul className={classes.outcomes}>
        {answers.map((decision) => (
          <li key={decision.customer_id}>
            {names.get(decision.customer_id)}
            <PermissionBadge family={decision.family} when={decision.until ? formats.relativeDay(decision.until) : null} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

type Sending = { state: "before" | "during" | "after"; done: number; skipped: number };

function useSending() {
  const queryClient = useQueryClient();
  const [sending, setSending] = useState<Sending>({ state: "before", done: 0, skipped: 0 });
  async function start(decisions: Decision[], template: TemplateChoice) {
    setSending({ state: "during", done: 0, skipped: 0 });
    for (const decision of decisions) {
      const written = await writeTo({
        customerId: decision.customer_id,
        templateId: template.id,
        channel: template.channel,
        intent: crypto.randomUUID(),
      }).catch(() => null);
      const isSkipped = written === null || written.status === "skipped";
      setSending((now) => ({ ...now, done: now.done + 1, skipped: now.skipped + (isSkipped ? 1 : 0) }));
    }
    setSending((now) => ({ ...now, state: "after" }));
    void queryClient.invalidateQueries();
  }
  return { ...sending, start };
}
