/** The same text to the people of a list: the gate answers for each before anything leaves, and again when each one leaves. */
import { Button, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { PermissionBadge } from "@/ui/permission-badge";
import { StateBar, StateBarLegend, type Part } from "@/ui/state-bar";
import { decisionsOptions, templateChoicesOptions, writeTo, type Decision, type TemplateChoice } from "./queries";
import { TemplateSelect, type Recipient } from "./template-select";
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

type WriteAllProps = { recipients: Recipient[]; choices: TemplateChoice[]; onClose: () => void };

function WriteAll({ recipients, choices, onClose }: WriteAllProps) {
  const sending = useSending();
  return (
    <TemplateSelect choices={choices} hint={recipients[0]} isLocked={sending.state !== "before"}>
      {(template) => <Rehearsed key={template.id} template={template} recipients={recipients} sending={sending} onClose={onClose} />}
    </TemplateSelect>
  );
}

type RehearsedProps = {
  template: TemplateChoice;
  recipients: Recipient[];
  sending: ReturnType<typeof useSending>;
  onClose: () => void;
};

function Rehearsed({ template, recipients, sending, onClose }: RehearsedProps) {
  const { t } = useTranslation("writing");
  const { t: tc } = useTranslation();
  const ids = recipients.map((person) => person.id);
  const decisions = useQuery(decisionsOptions(ids, template));
  return (
    <Loaded query={decisions}>
      {(answers) => {
        const willGo = answers.filter((decision) => decision.verdict === "ALLOW" || decision.verdict === "DEFER");
        return (
          <Stack gap="lg">
            <Rehearsal answers={answers} recipients={recipients} />
            {sending.state !== "before" && (
              <div role="status">
                <Progress value={(sending.done / Math.max(sending.total, 1)) * 100} mb="xs" />
                <Text size="sm">{t("progress", { done: sending.done, total: sending.total, skipped: sending.skipped })}</Text>
              </div>
            )}
            <Group justify="flex-end" gap="sm">
              <Button onClick={onClose} data-autofocus>
                {tc(sending.state === "after" ? "act.close" : "act.cancel")}
              </Button>
              {sending.state !== "after" && willGo.length > 0 && (
                <Button variant="filled" loading={sending.state === "during"} onClick={() => void sending.start(willGo, template)}>
                  {t("all_send", { count: willGo.length })}
                </Button>
              )}
            </Group>
          </Stack>
        );
      }}
    </Loaded>
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
            <PermissionBadge family={decision.family} when={decision.until ? formats.from(decision.until) : null} />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

type Sending = { state: "before" | "during" | "after"; total: number; done: number; skipped: number };

function useSending() {
  const queryClient = useQueryClient();
  const [sending, setSending] = useState<Sending>({ state: "before", total: 0, done: 0, skipped: 0 });
  async function start(decisions: Decision[], template: TemplateChoice) {
    setSending({ state: "during", total: decisions.length, done: 0, skipped: 0 });
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
    await Promise.all(
      [["recalls", "due"], ["desk"], ["messages"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  }
  return { ...sending, start };
}
