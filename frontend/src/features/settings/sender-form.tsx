/** What a sender is called, where it writes from, and what a message of it costs. */
import { NumberInput, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { FormModal, fieldErrors, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import { type Sender, useSaveSender } from "./queries";

export function SenderForm({ sender, onClose }: { sender: Sender; onClose: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const { business } = useMe();
  const { money, today } = useFormats();
  const save = useSaveSender();
  const [name, setName] = useState(sender.name);
  const [address, setAddress] = useState(sender.address);
  const [replyTo, setReplyTo] = useState(sender.reply_to ?? "");
  const [cents, setCents] = useState(sender.unit_cost_minor);
  const [registeredOn, setRegisteredOn] = useState(sender.registered_on);
  const [maxParts, setMaxParts] = useState(sender.max_parts);
  const errors = fieldErrors(save.error);
  const isMail = sender.channel === "EMAIL";
  const isText = sender.channel === "SMS";
  const optional = (label: string) => `${label} (${t("common:optional")})`;
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

  function send() {
    const ofTexts = isText ? { registered_on: registeredOn, max_parts: maxParts } : {};
    const ofMail = isMail ? { reply_to: replyTo.trim() || null } : {};
    save.mutate(
      { id: sender.id, name, address, unit_cost_minor: cents, ...ofMail, ...ofTexts },
      { onSuccess: () => (tell(t("saved")), onClose()) },
    );
  }

  return (
    <FormModal
      title={`${t(`common:channel.${sender.channel}`)} · ${t(`senders.stream.${sender.stream}`)}`}
      verb={t("save")}
      onClose={onClose}
      onSend={send}
      errors={errors}
      isBusy={save.isPending}
    >
      <TextInput className={wide} label={t("senders.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={errors.of("name")} />
      <TextInput
        className={wide}
        label={t(isText ? "senders.alias" : "senders.address")}
        description={t(isText ? "senders.alias_help" : "senders.address_help")}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={errors.of("address")}
      />
      {isMail && (
        <TextInput
          className={wide}
          label={optional(t("senders.reply_to"))}
          value={replyTo}
          onChange={(event) => setReplyTo(event.currentTarget.value)}
          error={errors.of("reply_to")}
        />
      )}
      <NumberInput
        label={t(isText ? "senders.cost_part" : "senders.cost")}
        description={t("senders.cost_help", { money: money({ amount, currency: business.currency }) })}
        value={cents}
        onChange={(value) => setCents(typeof value === "number" ? value : 0)}
        min={0}
        max={100_000}
        allowDecimal={false}
        error={errors.of("unit_cost_minor")}
      />
      {isText && (
        <>
          <NumberInput
            label={t("senders.max_parts")}
            description={t("senders.max_parts_help")}
            value={maxParts}
            onChange={(value) => typeof value === "number" && setMaxParts(value)}
            min={1}
            max={10}
            allowDecimal={false}
            error={errors.of("max_parts")}
          />
          <DateInput
            className={wide}
            label={optional(t("senders.registered_on"))}
            description={t("senders.registered_help")}
            value={registeredOn}
            onChange={setRegisteredOn}
            maxDate={today()}
            valueFormat="D MMMM YYYY"
            clearable
            error={errors.of("registered_on")}
          />
        </>
      )}
    </FormModal>
  );
}
