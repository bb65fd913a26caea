/** The key that signs a sender's mail (DKIM): made here or brought along, published by copying one record, used from when it is found. */
import { Button, Group, SegmentedControl, Text, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { FormModal, fieldErrors, wide } from "@/ui/form";
import { PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import { DnsRecord } from "./dns-record";
import { type Sender, type SigningKey, useMakeSigningKey, useRetireSigningKey } from "./queries";
import classes from "./senders.module.css";

export function SigningKeys({ sender }: { sender: Sender }) {
  const { t } = useTranslation("settings");
  const mayWrite = useMay("messages:write");
  const [isMaking, making] = useDisclosure(false);
  const [isRetiring, retiring] = useDisclosure(false);
  const retire = useRetireSigningKey();
  const keys = sender.signing_keys.filter((key) => key.state !== "retired");
  return (
    <PanelRow>
      <Group gap="sm" justify="space-between">
        <div>
          <Text fw={600}>{t("senders.key.title")}</Text>
          <Text size="sm" c="dimmed">
            {t(keys.length ? "senders.key.help" : "senders.key.none")}
          </Text>
        </div>
        {mayWrite && (
          <Group gap="sm">
            <Button size="xs" leftSection={<IconKey size={15} stroke={1.75} />} onClick={making.open}>
              {t(keys.length ? "senders.key.renew" : "senders.key.make")}
            </Button>
            {keys.length > 0 && (
              <Button size="xs" variant="subtle" onClick={retiring.open}>
                {t("senders.key.retire")}
              </Button>
            )}
          </Group>
        )}
      </Group>
      {keys.map((key) => (
        <Key key={key.id} signingKey={key} />
      ))}
      {isMaking && <MakeKey sender={sender} onClose={making.close} />}
      <ConfirmModal
        isOpen={isRetiring}
        onClose={retiring.close}
        title={t("senders.key.retire_title")}
        verb={t("senders.key.retire")}
        isHarmful
        isBusy={retire.isPending}
        onConfirm={() =>
          retire.mutate(sender.id, { onSuccess: () => tell(t("senders.key.retired")), onError: tellProblem, onSettled: retiring.close })
        }
      >
        <Text>{t("senders.key.retire_detail")}</Text>
      </ConfirmModal>
    </PanelRow>
  );
}

function Key({ signingKey }: { signingKey: SigningKey }) {
  const { t } = useTranslation("settings");
  const { day } = useFormats();
  const isActive = signingKey.state === "active";
  return (
    <div className={classes.key}>
      <Group gap="sm">
        <ToneBadge tone={isActive ? "good" : "wait"} word={t(`senders.key.${signingKey.state}`)} />
        <Text size="xs" c="dimmed">
          {t(isActive ? "senders.key.signs_since" : "senders.key.made", {
            who: signingKey.made_by,
            when: day((isActive && signingKey.active_since) || signingKey.made_at),
          })}
        </Text>
      </Group>
      {!isActive && <Text size="sm">{t("senders.key.publish")}</Text>}
      <DnsRecord record={signingKey.record} />
    </div>
  );
}

function MakeKey({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const make = useMakeSigningKey();
  const [isOwn, setOwn] = useState(false);
  const [selector, setSelector] = useState("");
  const [pem, setPem] = useState("");
  const errors = fieldErrors(make.error);
  const body = isOwn ? { private_key: pem, selector: selector.trim() } : {};
  return (
    <FormModal
      title={t("senders.key.make")}
      verb={t("senders.key.make_verb")}
      onClose={onClose}
      errors={errors}
      isBusy={make.isPending}
      canSend={!isOwn || (pem.trim() !== "" && selector.trim() !== "")}
      onSend={() => make.mutate({ id: sender.id, ...body }, { onSuccess: () => (tell(t("senders.key.done")), onClose()) })}
    >
      <SegmentedControl
        className={wide}
        aria-label={t("senders.key.make")}
        value={isOwn ? "own" : "here"}
        onChange={(value) => setOwn(value === "own")}
        data={[
          { value: "here", label: t("senders.key.here") },
          { value: "own", label: t("senders.key.own") },
        ]}
      />
      <Text className={wide} size="sm">
        {t(isOwn ? "senders.key.own_help" : "senders.key.here_help")}
      </Text>
      {isOwn && (
        <>
          <TextInput
            className={wide}
            label={t("senders.key.selector")}
            value={selector}
            onChange={(event) => setSelector(event.currentTarget.value)}
            error={errors.of("selector")}
          />
          <Textarea
            className={wide}
            label={t("senders.key.pem")}
            value={pem}
            onChange={(event) => setPem(event.currentTarget.value)}
            autosize
            minRows={5}
            maxRows={10}
            autoComplete="off"
            spellCheck={false}
            error={errors.of("private_key")}
          />
        </>
      )}
    </FormModal>
  );
}
