import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconCircleCheck, IconSend, IconTool } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { ChannelIcon } from "@/ui/channel-icon";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { tell } from "@/ui/toast";
import { type Sender, fieldErrors, sendersQuery, useSaveSender } from "./queries";
import classes from "./settings.module.css";

export function SendersSection() {
  const { t } = useTranslation("settings");
  const me = useMe();
  const query = useQuery(sendersQuery);
  const [edited, setEdited] = useState<Sender | null>(null);
  return (
    <Stack gap="md">
      {me.captures_messages && <Text c="dimmed">{t("senders.captured")}</Text>}
      <Panel>
        <Loaded query={query}>
          {(senders) =>
            senders.length ? (
              senders.map((sender) => <SenderRow key={sender.id} sender={sender} onEdit={() => setEdited(sender)} />)
            ) : (
              <EmptyFace icon={<IconSend size={28} stroke={1.5} />} title={t("senders.empty")} detail={t("senders.empty_detail")} />
            )
          }
        </Loaded>
      </Panel>
      {edited && <SenderForm sender={edited} onClose={() => setEdited(null)} />}
    </Stack>
  );
}

function SenderRow({ sender, onEdit }: { sender: Sender; onEdit: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <PanelRow>
      <div className={classes.item}>
        <div>
          <Group gap={7}>
            <ChannelIcon channel={sender.channel} />
            <Text fw={600}>
              {t(`common:channel.${sender.channel}`)} · {t(`senders.stream.${sender.stream}`)}
            </Text>
          </Group>
          <Text size="sm" c="dimmed">
            {sender.name}
            {sender.address && ` · ${sender.address}`}
            {sender.channel === "EMAIL" && sender.reply_to && ` · ${t("senders.reply_to")} ${sender.reply_to}`}
          </Text>
        </div>
        <ToneBadge tone={sender.is_ready ? "good" : "bad"} icon={sender.is_ready ? IconCircleCheck : IconTool} word={t(sender.is_ready ? "senders.ready" : "senders.not_ready")} />
        <Button size="xs" onClick={onEdit}>
          {t("senders.edit")}
        </Button>
      </div>
      {sender.readiness
        .filter((check) => !check.ok)
        .map((check) => (
          <Text key={check.code} size="xs" c="var(--denied)" mt={4}>
            {check.detail}
          </Text>
        ))}
    </PanelRow>
  );
}

function SenderForm({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const save = useSaveSender();
  const [name, setName] = useState(sender.name);
  const [address, setAddress] = useState(sender.address);
  const [replyTo, setReplyTo] = useState(sender.reply_to ?? "");
  const errors = fieldErrors(save.error);
  return (
    <Modal opened onClose={onClose} title={t("senders.edit")}>
      <form
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ id: sender.id, name, address, reply_to: replyTo || null }, { onSuccess: () => (tell(t("saved")), onClose()) });
        }}
      >
        <TextInput className={classes.wide} label={t("senders.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={errors.of("name")} />
        <TextInput className={classes.wide} label={t("senders.address")} value={address} onChange={(event) => setAddress(event.currentTarget.value)} error={errors.of("address")} />
        {sender.channel === "EMAIL" && (
          <TextInput className={classes.wide} label={t("senders.reply_to")} value={replyTo} onChange={(event) => setReplyTo(event.currentTarget.value)} error={errors.of("reply_to")} />
        )}
        {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
        <Group className={classes.wide} justify="flex-end">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {t("save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
