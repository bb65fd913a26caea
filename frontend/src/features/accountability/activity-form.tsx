/** A row of the register in both languages: what is left empty stays a gap, and is shown as one. */
import { MultiSelect, Select, Text, Textarea, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import classes from "./accountability.module.css";
import { parts, type Part } from "./parts";
import { useAddActivity, useChangeActivity, type Activity, type Bilingual, type NewActivity } from "./queries";

const purposes = ["SERVICE", "LEGAL_SAFETY", "LOYALTY", "MKT_OWN", "PROFILING", "THIRD_PARTY", "MARKET_RESEARCH", "STATS_AGG", "TRACK_OPEN", "TRACK_CLICK", "SPECIAL_CAT"];
const channels = ["EMAIL", "SMS", "WHATSAPP", "PUSH", "PHONE_OPERATOR", "PHONE_AUTO", "POST", "FAX"];
const bases = ["CONSENT_6_1_A", "CONTRACT_6_1_B", "LEGAL_OBL_6_1_C", "LEGIT_INT_6_1_F", "SOFT_OPTIN_130_4", "EXPLICIT_9_2_A"];
const languages = ["it", "en"] as const;
const nothing: Bilingual = { it: "", en: "" };

type Draft = Pick<NewActivity, "code" | "purpose" | "channels" | "legal_bases" | "since" | "name" | Part>;

function draftOf(activity: Activity | undefined, today: string): Draft {
  if (activity) return activity;
  return { code: "", purpose: null, channels: [], legal_bases: [], since: today, name: nothing, ...(Object.fromEntries(parts.map((part) => [part, nothing])) as Record<Part, Bilingual>) };
}

export function ActivityForm({ activity, onClose }: { activity?: Activity; onClose: () => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { today } = useFormats();
  const [draft, setDraft] = useState(() => draftOf(activity, today()));
  const save = useSave(activity);
  const errors = fieldErrors(save.error);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const choices = (codes: string[], words: string) => codes.map((code) => ({ value: code, label: tc(`${words}.${code}`) }));
  const texts = ["name", ...parts] as const;

  return (
    <FormModal
      title={activity ? t("register.edit_title") : t("register.add")}
      verb={tc("act.save")}
      size="56rem"
      errors={errors}
      isBusy={save.isPending}
      canSend={(!!activity || /^[a-z0-9][a-z0-9-]+$/.test(draft.code)) && !!draft.name.it.trim()}
      onClose={onClose}
      onSend={() =>
        save.mutate(draft, {
          onSuccess: () => {
            tell(tc("saved"));
            onClose();
          },
        })
      }
    >
      {!activity && (
        <>
          <TextInput label={t("part.code")} description={t("register.code_help")} value={draft.code} onChange={(event) => set({ code: event.currentTarget.value.toLowerCase() })} error={errors.of("code")} data-autofocus />
          <DateInput label={t("part.since")} description={t("register.since_help")} value={draft.since} onChange={(day) => day && set({ since: day })} valueFormat="D MMMM YYYY" error={errors.of("since")} />
        </>
      )}
      <Select label={t("part.purpose")} data={choices(purposes, "purpose")} value={draft.purpose ?? null} onChange={(purpose) => set({ purpose })} clearable error={errors.of("purpose")} />
      <MultiSelect label={t("part.channels")} data={choices(channels, "channel")} value={draft.channels} onChange={(chosen) => set({ channels: chosen })} error={errors.of("channels")} />
      <MultiSelect className={wide} label={t("part.legal_bases")} data={bases.map((code) => ({ value: code, label: t(`basis.${code}`) }))} value={draft.legal_bases} onChange={(chosen) => set({ legal_bases: chosen })} error={errors.of("legal_bases")} />
      {texts.map((part) => (
        <div key={part} className={wide} role="group" aria-label={t(`part.${part}`)}>
          <Text className={classes.legend}>{t(`part.${part}`)}</Text>
          <div className={classes.both}>
            {languages.map((language) => {
              const field = {
                "aria-label": `${t(`part.${part}`)}, ${t(`language.${language}`)}`,
                placeholder: t(`language.${language}`),
                lang: language,
                value: draft[part][language],
                onChange: (event: { currentTarget: { value: string } }) => set({ [part]: { ...draft[part], [language]: event.currentTarget.value } }),
                error: errors.of(`${part}.${language}`),
              };
              return part === "name" ? <TextInput key={language} {...field} /> : <Textarea key={language} autosize minRows={2} maxRows={8} {...field} />;
            })}
          </div>
        </div>
      ))}
    </FormModal>
  );
}

function useSave(activity: Activity | undefined) {
  const add = useAddActivity();
  const change = useChangeActivity(activity ?? ({ id: "", version: 0 } as Activity));
  return activity
    ? {
        ...change,
        mutate: (draft: Draft, then: { onSuccess: () => void }) => {
          const { purpose, channels, legal_bases, name } = draft;
          const told = Object.fromEntries(parts.map((part) => [part, draft[part]]));
          change.mutate({ purpose, channels, legal_bases, name, ...told }, then);
        },
      }
    : { ...add, mutate: (draft: Draft, then: { onSuccess: () => void }) => add.mutate(draft, then) };
}
