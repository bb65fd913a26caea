/** One message to one person: the text, how they would read it, and the gate's answer beside the button (UX §1, principle 2). */
import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useReasons } from "@/lib/reasons";
import { Loaded, ProblemFace } from "@/ui/faces";
import { tell } from "@/ui/toast";
import { GateAnswer } from "./gate-answer";
import { MessagePreview } from "./message-preview";
import { decisionsOptions, previewOptions, templateChoicesOptions, useWriteTo, type TemplateChoice } from "./queries";
import { TemplateSelect, type Recipient } from "./template-select";

export function WriteDrawer({ recipient, onClose }: { recipient: Recipient | null; onClose: () => void }) {
  const { t } = useTranslation("writing");
  const templates = useQuery({ ...templateChoicesOptions, enabled: recipient !== null });
  return (
    <Drawer opened={recipient !== null} onClose={onClose} title={recipient && t("to", { name: recipient.name })} size={560}>
      {recipient && (
        <Loaded query={templates}>
          {(choices) => (
            <TemplateSelect key={recipient.id} choices={choices} hint={recipient}>
              {(template) => <Letter key={template.id} recipient={recipient} template={template} onClose={onClose} />}
            </TemplateSelect>
          )}
        </Loaded>
      )}
    </Drawer>
  );
}

type LetterProps = { recipient: Recipient; template: TemplateChoice; onClose: () => void };

function Letter({ recipient, template, onClose }: LetterProps) {
  const { t } = useTranslation("writing");
  const { t: tc } = useTranslation();
  const reasons = useReasons();
  // One key for one intent: a second press of the same button is the same message.
  const [intent] = useState(() => crypto.randomUUID());
  const decisions = useQuery(decisionsOptions([recipient.id], template));
  const preview = useQuery(previewOptions(recipient.id, template));
  const write = useWriteTo();
  const decision = decisions.data?.[0];
  const mayGo = decision?.verdict === "ALLOW" || decision?.verdict === "DEFER";

  function send() {
    write.mutate(
      { customerId: recipient.id, templateId: template.id, channel: template.channel, intent },
      {
        onSuccess: (written) => {
          tell(
            written.status === "skipped"
              ? t("skipped", { name: recipient.name, why: written.reason_sentence ?? reasons.sentence(written.reason) })
              : t("queued", { name: recipient.name }),
          );
          onClose();
        },
      },
    );
  }

  return (
    <Stack gap="lg">
      <Loaded query={decisions}>{() => decision && <GateAnswer decision={decision} channel={template.channel} />}</Loaded>
      <Loaded query={preview}>{(shown) => <MessagePreview subject={shown.subject} html={shown.html} text={shown.text ?? ""} />}</Loaded>
      {write.error && <ProblemFace error={write.error} />}
      <Group justify="flex-end" gap="sm">
        <Button onClick={onClose}>{tc("act.cancel")}</Button>
        {mayGo && (
          <Button variant="filled" leftSection={<IconSend size={16} stroke={1.75} />} loading={write.isPending} onClick={send}>
            {decision.verdict === "DEFER" ? t("schedule") : t("send")}
          </Button>
        )}
        {decision && !mayGo && (
          <Text size="sm" c="dimmed">
            {t("cannot")}
          </Text>
        )}
      </Group>
    </Stack>
  );
}
