import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { media, useCreateForm, type ConsentForm, type FormMedium } from "./queries";

/** A form begins as a draft without boxes; its boxes are added on its own page. */
export function NewFormModal({ onClose, onCreated }: { onClose: () => void; onCreated: (form: ConsentForm) => void }) {
  const { t } = useTranslation("notices");
  const create = useCreateForm();
  const [name, setName] = useState("");
  const [code, setCode] = useState("");
  const [medium, setMedium] = useState<FormMedium>("paper");
  const errors = fieldErrors(create.error);
  return (
    <FormModal
      title={t("new_form")}
      verb={t("form.begin")}
      size="md"
      errors={errors}
      isBusy={create.isPending}
      canSend={!!name.trim() && !!code}
      onClose={onClose}
      onSend={() => create.mutate({ name: name.trim(), code, medium, boxes: [], texts: { it: { title: name.trim(), introduction: "" } } }, { onSuccess: onCreated })}
    >
      <TextInput className={wide} label={t("field.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={errors.of("name")} data-autofocus />
      <TextInput label={t("field.code")} description={t("field.code_help")} placeholder="banco" value={code} onChange={(event) => setCode(event.currentTarget.value.toLowerCase())} error={errors.of("code")} />
      <Select
        label={t("form.medium")}
        data={media.map((each) => ({ value: each, label: t(`medium.${each}`) }))}
        value={medium}
        onChange={(chosen) => chosen && setMedium(chosen as FormMedium)}
        allowDeselect={false}
      />
    </FormModal>
  );
}
