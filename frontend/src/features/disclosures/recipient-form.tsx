/** A third party: what people read about it is fixed once it was active; where it is told of a withdrawal may change. */
import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import { useAddRecipient, useChangeRecipient, type NewRecipient, type Recipient } from "./queries";

const fresh: NewRecipient = { name: "", category: "", merchandise_category: "", country: "IT", privacy_contact: "", stated_use: "" };

export function RecipientForm({ recipient, onClose }: { recipient?: Recipient; onClose: () => void }) {
  const { t } = useTranslation("disclosures");
  const { t: tc } = useTranslation();
  const add = useAddRecipient();
  const change = useChangeRecipient();
  const [draft, setDraft] = useState<NewRecipient>(recipient ?? fresh);
  const errors = fieldErrors((recipient ? change : add).error);
  const isFixed = recipient !== undefined && recipient.status !== "draft";
  const set = (part: Partial<NewRecipient>) => setDraft({ ...draft, ...part });

  function send() {
    const then = {
      onSuccess: () => {
        tell(tc("saved"));
        onClose();
      },
    };
    const { name, category, merchandise_category, country, privacy_contact, stated_use } = draft;
    if (!recipient) return add.mutate(draft, then);
    const free = { category, country, privacy_contact };
    change.mutate({ id: recipient.id, version: recipient.version, ...free, ...(isFixed ? {} : { name, merchandise_category, stated_use }) }, then);
  }

  return (
    <FormModal
      title={recipient?.name ?? t("add")}
      verb={tc("act.save")}
      errors={errors}
      isBusy={add.isPending || change.isPending}
      canSend={!!draft.name.trim() && !!draft.privacy_contact.trim() && draft.stated_use.trim().length >= 3}
      onClose={onClose}
      onSend={send}
    >
      <TextInput label={t("field.name")} description={isFixed ? t("field.fixed") : undefined} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} readOnly={isFixed} error={errors.of("name")} data-autofocus />
      <TextInput label={t("field.category")} description={t("field.category_help")} value={draft.category} onChange={(event) => set({ category: event.currentTarget.value })} error={errors.of("category")} />
      <TextInput label={t("field.merchandise")} description={t("field.merchandise_help")} value={draft.merchandise_category} onChange={(event) => set({ merchandise_category: event.currentTarget.value })} readOnly={isFixed} error={errors.of("merchandise_category")} />
      <TextInput label={t("field.country")} description={t("field.country_help")} value={draft.country} onChange={(event) => set({ country: event.currentTarget.value.toUpperCase().slice(0, 2) })} error={errors.of("country")} />
      <Textarea className={wide} label={t("field.use")} value={draft.stated_use} onChange={(event) => set({ stated_use: event.currentTarget.value })} autosize minRows={2} maxLength={1000} readOnly={isFixed} error={errors.of("stated_use")} />
      <TextInput className={wide} label={t("field.contact")} description={t("field.contact_help")} type="email" value={draft.privacy_contact} onChange={(event) => set({ privacy_contact: event.currentTarget.value })} error={errors.of("privacy_contact")} />
    </FormModal>
  );
}
