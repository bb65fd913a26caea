/** Writing what people will read: a new notice, or the next version of one; a published text never changes. */
import { Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { instantOf } from "@/lib/instants";
import { fieldErrors, FormModal, wide, type FieldErrors } from "@/ui/form";
import { tell } from "@/ui/toast";
import { purposes, useCreateNotice, usePublishVersion, type NewNotice, type Notice, type Purpose } from "./queries";
import { numbersOf, versionIn } from "./versions";

type TextPart = Pick<NewNotice, "language" | "text" | "offers_opt_out">;

function TextFields({ value, onChange, errors, children }: { value: TextPart; onChange: (part: Partial<TextPart>) => void; errors: FieldErrors; children?: React.ReactNode }) {
  const { t } = useTranslation("notices");
  return (
    <>
      <Select
        label={t("field.language")}
        data={["it", "en"].map((each) => ({ value: each, label: t(`language.${each}`) }))}
        value={value.language}
        onChange={(language) => language && onChange({ language })}
        allowDeselect={false}
        error={errors.of("language")}
      />
      {children}
      <Textarea
        className={wide}
        label={t("field.text")}
        value={value.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        autosize
        minRows={7}
        maxRows={16}
        lang={value.language}
        error={errors.of("text")}
      />
      <Checkbox
        className={wide}
        label={t("field.opt_out")}
        description={t("field.opt_out_help")}
        checked={value.offers_opt_out}
        onChange={(event) => onChange({ offers_opt_out: event.currentTarget.checked })}
      />
    </>
  );
}

export function NewNoticeForm({ onClose, onCreated }: { onClose: () => void; onCreated: (notice: Notice) => void }) {
  const { t, i18n } = useTranslation("notices");
  const { t: tc } = useTranslation();
  const create = useCreateNotice();
  const [notice, setNotice] = useState<NewNotice>({ code: "", name: "", purpose: "MKT_OWN", language: i18n.language, text: "", offers_opt_out: false });
  const errors = fieldErrors(create.error);
  const set = (part: Partial<NewNotice>) => setNotice({ ...notice, ...part });
  return (
    <FormModal
      title={t("new")}
      verb={t("publish")}
      size="xl"
      errors={errors}
      isBusy={create.isPending}
      canSend={!!notice.code && !!notice.name.trim() && !!notice.text.trim()}
      onClose={onClose}
      onSend={() =>
        create.mutate(notice, {
          onSuccess: (created) => {
            tell(t("created"));
            onCreated(created);
          },
        })
      }
    >
      <TextInput label={t("field.name")} value={notice.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errors.of("name")} data-autofocus />
      <TextInput label={t("field.code")} description={t("field.code_help")} value={notice.code} onChange={(event) => set({ code: event.currentTarget.value.toLowerCase() })} placeholder="offerte-2026" error={errors.of("code")} />
      <Select
        label={t("field.purpose")}
        data={purposes.map((purpose) => ({ value: purpose, label: tc(`purpose.${purpose}`) }))}
        value={notice.purpose}
        onChange={(purpose) => purpose && set({ purpose: purpose as Purpose })}
        allowDeselect={false}
        error={errors.of("purpose")}
      />
      <TextFields value={notice} onChange={set} errors={errors}>
        {notice.purpose === "THIRD_PARTY" && (
          <>
            <TextInput label={t("field.recipient")} description={t("field.recipient_help")} value={notice.recipient_name ?? ""} onChange={(event) => set({ recipient_name: event.currentTarget.value })} error={errors.of("recipient_name")} />
            <TextInput label={t("field.merchandise")} value={notice.merchandise ?? ""} onChange={(event) => set({ merchandise: event.currentTarget.value })} error={errors.of("merchandise")} />
          </>
        )}
      </TextFields>
    </FormModal>
  );
}

type VersionProps = { notice: Notice; language: string; onClose: () => void; onPublished: (version: number) => void };

export function NewVersionForm({ notice, language, onClose, onPublished }: VersionProps) {
  const { t } = useTranslation("notices");
  const { today, timezone } = useFormats();
  const publish = usePublishVersion(notice.id);
  const newest = numbersOf(notice)[0] ?? 1;
  const from = versionIn(notice, newest, language);
  const [part, setPart] = useState<TextPart>({ language: from?.language ?? language, text: from?.text ?? "", offers_opt_out: from?.offers_opt_out ?? false });
  // A language the newest version does not have yet is added to it; a language it has begins the next one.
  const isAdded = !notice.versions.some((each) => each.version === newest && each.language === part.language);
  const [day, setDay] = useState<string | null>(null);
  const errors = fieldErrors(publish.error);
  const isSame = part.text.trim() === from?.text.trim() && part.language === from?.language && part.offers_opt_out === from?.offers_opt_out;
  return (
    <FormModal
      title={isAdded ? t("add_language", { version: newest, language: t(`language.${part.language}`, { defaultValue: part.language }) }) : t("new_version_of", { version: newest + 1 })}
      verb={t("publish")}
      size="xl"
      errors={errors}
      isBusy={publish.isPending}
      canSend={!!part.text.trim() && !isSame}
      onClose={onClose}
      onSend={() =>
        publish.mutate(
          { ...part, version: isAdded ? newest : undefined, effective_from: day && !isAdded ? instantOf(`${day} 00:00:00`, timezone) : undefined },
          {
            onSuccess: () => {
              tell(t("published"));
              onPublished(isAdded ? newest : newest + 1);
            },
          },
        )
      }
    >
      <TextFields value={part} onChange={(change) => setPart({ ...part, ...change })} errors={errors}>
        {!isAdded && (
          <DateInput label={t("field.effective")} description={t("field.effective_help")} value={day} onChange={setDay} minDate={today()} clearable placeholder={t("field.at_once")} valueFormat="D MMMM YYYY" error={errors.of("effective_from")} />
        )}
      </TextFields>
    </FormModal>
  );
}
