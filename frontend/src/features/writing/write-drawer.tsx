/** One message to one person: the text, how they would read it, and the gate's answer beside the button (UX §1, principle 2). */
import { Button, Drawer, Group, Select, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useReasons } from "@/lib/reasons";
import { EmptyFace, Loaded, ProblemFace } from "@/ui/faces";
import { tell } from "@/ui/toast";
import { GateAnswer } from "./gate-answer";
import { MessagePreview } from "./message-preview";
import { decisionsOptions, previewOptions, templateChoicesOptions, useWriteTo, type TemplateChoice } from "./queries";

export type Recipient = { id: string; name: string; channel?: string };

export function WriteDrawer({ recipient, onClose }: { recipient: Recipient | null; onClose: () => void }) {
  const { t } = useTranslation("writing");
  const templates = useQuery({ ...templateChoicesOptions, enabled: recipient !== null });
  return (
    <Drawer opened={recipient !== null} onClose={onClose} title={recipient && t("to", { name: recipient.name })} size={560}>
      {recipient && (
        <Loaded query={templates}>
          {(choices) => <WriteForm key={recipient.id} recipient={recipient} choices={choices} onClose={onClose} />}
        </Loaded>
      )}
    </Drawer>
  );
}

type FormProps = { recipient: Recipient; choices: TemplateChoice[]; onClose: () => void };

function WriteForm({ recipient, choices, onClose }: FormProps) {
  const { t } = useTranslation("writing");
  const { t: tc } = useTranslation();
  const reasons = useReasons();
  const [intent] = useState(() => crypto.randomUUID());
  const [templateId, setTemplateId] = useState(() => (choices.find((choice) => choice.channel === recipient.channel) ?? choices[0])?.id ?? null);
  const template = choices.find((choice) => choice.id === templateId);
  const decisions = useQuery(decisionsOptions([recipient.id], template));
  const preview = useQuery(previewOptions(recipient.id, template));
  const write = useWriteTo();
  const decision = decisions.data?.[0];
  const mayGo = decision?.verdict === "ALLOW" || decision?.verdict === "DEFER";

  if (choices.length === 0) {
    return (
      <EmptyFace
        title={t("no_templates")}
        action={<Button renderRoot={(props) => <Link to={"/templates" as string} {...props} />}>{tc("places.templates")}</Button>}
      />
    );
  }
  return (
    <Stack gap="lg">
      <Select
        label={t("template")}
        value={templateId}
        onChange={setTemplateId}
        allowDeselect={false}
        data={choices.map((choice) => ({ value: choice.id, label: `${choice.name} · ${tc(`channel.${choice.channel}`)}` }))}
      />
      <Loaded query={decisions}>{() => decision && <GateAnswer decision={decision} channel={template?.channel ?? ""} />}</Loaded>
      <Loaded query={preview}>{(shown) => <MessagePreview subject={shown.subject} html={shown.html} text={shown.text} />}</Loaded>
      {write.error && <ProblemFace error={asProblem(write.error)} />}
      <Group justify="flex-end" gap="sm">
        <Button onClick={onClose}>{tc("act.cancel")}</Button>
        {mayGo ? (
          <Button
            variant="filled"
            leftSection={<IconSend size={16} stroke={1.75} />}
            loading={write.isPending}
            onClick={() =>
              template &&
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
              )
            }
          >
            {decision?.verdict === "DEFER" ? t("schedule") : t("send")}
          </Button>
        ) : (
          decision && (
            <Text size="sm" c="dimmed">
              {t("cannot")}
            </Text>
          )
        )}
      </Group>
    </Stack>
  );
}
