/** `/privacy/forms/$id`: one box for one purpose, with the exact words in force; what may not be is said on its field (B-10). */
import { ActionIcon, Alert, Button, Checkbox, MultiSelect, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconPrinter, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { ConfirmModal } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { fieldErrors, fields, FormAlert, wide } from "@/ui/form";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { FormPreview } from "./form-preview";
import classes from "./notices.module.css";
import { channels, formQuery, noticesQuery, purposes, useChangeForm, usePublishForm, type Channel, type ConsentForm, type FormChange, type FormVersion, type Notice, type Purpose } from "./queries";

export function FormPage({ id }: { id: string }) {
  const query = useQuery(formQuery(id));
  const notices = useQuery(noticesQuery);
  return <Loaded query={query}>{(form) => <Loaded query={notices}>{(found) => <Opened form={form} notices={found} />}</Loaded>}</Loaded>;
}

function Opened({ form, notices }: { form: ConsentForm; notices: Notice[] }) {
  const { t, i18n } = useTranslation("notices");
  const mayPublish = useMay("consents:publish");
  const publish = usePublishForm(form.id);
  const [isAsking, setAsking] = useState(false);
  const shown = form.draft ?? form.published;
  if (!shown) return null;
  const faults = form.draft?.faults ?? [];
  return (
    <>
      <PageHeader
        documentTitle={t("form.document")}
        eyebrow={<Link to="/privacy/notices">{t("document")}</Link>}
        title={shown.name}
        subtitle={form.published ? t("form.in_use", { version: form.published.version }) : t("form.not_in_use")}
        actions={
          <>
            <Button leftSection={<IconPrinter size={16} stroke={1.75} />} onClick={() => window.print()}>
              {t("form.print")}
            </Button>
            {mayPublish && form.draft && faults.length === 0 && (
              <Button variant="filled" onClick={() => setAsking(true)}>
                {t("form.publish")}
              </Button>
            )}
          </>
        }
      />
      <div className={classes.columns}>
        <div className={`${classes.stack} no-print`}>
          {faults.length > 0 && (
            <Alert color="red" icon={<IconAlertTriangle size={18} />} title={t("form.faults", { count: faults.length })}>
              {t("form.faults_detail")}
            </Alert>
          )}
          {mayPublish ? <Editor key={shown.id} form={form} shown={shown} notices={notices} /> : <Panel><PanelBody pt="lg">{t("form.reserved")}</PanelBody></Panel>}
        </div>
        <FormPreview version={shown} language={shown.texts[i18n.language] ? i18n.language : (Object.keys(shown.texts)[0] ?? "it")} />
      </div>
      <ConfirmModal
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("form.publish_title", { version: shown.version })}
        verb={t("form.publish")}
        isBusy={publish.isPending}
        onConfirm={() => publish.mutate(undefined, { onSuccess: () => tell(t("form.published")), onError: tellProblem, onSettled: () => setAsking(false) })}
      >
        <Text size="sm">{t("form.publish_detail")}</Text>
      </ConfirmModal>
    </>
  );
}

type Draft = Required<{ [Key in "name" | "texts" | "boxes"]: NonNullable<FormChange[Key]> }>;
type BoxDraft = Draft["boxes"][number];

function draftOf({ name, texts, boxes }: FormVersion): Draft {
  return {
    name,
    texts,
    // The words are the notice's own: sent back, they would be taken for words of the box.
    boxes: boxes.map(({ name: box, notice, purposes: of, channels: by, is_preticked, is_required }) => ({ name: box, notice, purposes: of, channels: by, is_preticked, is_required })),
  };
}

const languages = ["it", "en"];

function Editor({ form, shown, notices }: { form: ConsentForm; shown: FormVersion; notices: Notice[] }) {
  const { t } = useTranslation("notices");
  const { t: tc } = useTranslation();
  const save = useChangeForm(form.id);
  const [draft, setDraft] = useState(() => draftOf(shown));
  const [saved, setSaved] = useState(() => JSON.stringify(draft));
  const errors = fieldErrors(save.error);
  const isChanged = JSON.stringify(draft) !== saved;
  // What is wrong was judged of what is saved: a field changed since has not been looked at again.
  const faults = new Map((form.draft?.faults ?? []).map(({ path, code, message }) => [path, t(`fault.${code}`, { defaultValue: message })]));
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const setBox = (place: number, part: Partial<BoxDraft>) => set({ boxes: draft.boxes.map((box, index) => (index === place ? { ...box, ...part } : box)) });

  return (
    <Panel>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(draft, {
            onSuccess: () => {
              setSaved(JSON.stringify(draft));
              tell(tc("saved"));
            },
          });
        }}
      >
        <PanelBody pt="lg">
          <div className={fields}>
            <TextInput className={wide} label={t("field.name")} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errors.of("name")} />
            {languages.map((language) => (
              <Stack key={language} gap="xs">
                <TextInput
                  label={`${t("form.heading")}, ${t(`language.${language}`)}`}
                  lang={language}
                  value={draft.texts[language]?.title ?? ""}
                  onChange={(event) => set({ texts: withText(draft.texts, language, { title: event.currentTarget.value }) })}
                  error={errors.of(`texts.${language}.title`)}
                />
                <Textarea
                  label={`${t("form.introduction")}, ${t(`language.${language}`)}`}
                  lang={language}
                  value={draft.texts[language]?.introduction ?? ""}
                  onChange={(event) => set({ texts: withText(draft.texts, language, { introduction: event.currentTarget.value }) })}
                  autosize
                  minRows={2}
                  error={errors.of(`texts.${language}.introduction`)}
                />
              </Stack>
            ))}
          </div>
        </PanelBody>
        {draft.boxes.map((box, place) => (
          <PanelRow key={place}>
            <BoxFields
              box={box}
              place={place}
              notices={notices}
              faultOf={(field) => errors.of(`boxes.${place}.${field}`) ?? faults.get(`boxes.${place}.${field}`)}
              onChange={(part) => setBox(place, part)}
              onRemove={() => set({ boxes: draft.boxes.filter((_, index) => index !== place) })}
            />
          </PanelRow>
        ))}
        <PanelRow>
          <FormAlert errors={errors} />
          {faults.get("boxes") && (
            <Text size="sm" c="var(--denied)" mb="xs">
              {faults.get("boxes")}
            </Text>
          )}
          <div className={classes.between}>
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => set({ boxes: [...draft.boxes, freshBox(draft.boxes.length, notices)] })}>
              {t("form.add_box")}
            </Button>
            <Button type="submit" variant={isChanged ? "filled" : "default"} loading={save.isPending} disabled={!isChanged}>
              {tc("act.save")}
            </Button>
          </div>
        </PanelRow>
      </form>
    </Panel>
  );
}

function withText(texts: Draft["texts"], language: string, part: { title?: string; introduction?: string }): Draft["texts"] {
  const { title = "", introduction = "" } = { ...texts[language], ...part };
  const all = { ...texts, [language]: { title, introduction } };
  // A language without words is not a language of the form.
  return Object.fromEntries(Object.entries(all).filter(([, said]) => said.title.trim() || said.introduction?.trim()));
}

function freshBox(place: number, notices: Notice[]): BoxDraft {
  const notice = notices.find(({ current_version }) => current_version);
  return {
    name: `box-${place + 1}`,
    notice: notice ? `${notice.code}@${notice.current_version?.version}` : "",
    purposes: notice ? [notice.purpose] : [],
    channels: notice?.purpose === "MKT_OWN" ? ["EMAIL"] : [],
    is_preticked: false,
    is_required: false,
  };
}

type BoxProps = { box: BoxDraft; place: number; notices: Notice[]; faultOf: (field: string) => string | undefined; onChange: (part: Partial<BoxDraft>) => void; onRemove: () => void };

function BoxFields({ box, place, notices, faultOf, onChange, onRemove }: BoxProps) {
  const { t } = useTranslation("notices");
  const { t: tc } = useTranslation();
  const quotable = notices.flatMap(({ code, name, current_version }) => (current_version ? [{ value: `${code}@${current_version.version}`, label: `${name} · ${t("version", { version: current_version.version })}` }] : []));
  const options = quotable.some(({ value }) => value === box.notice) || !box.notice ? quotable : [...quotable, { value: box.notice, label: box.notice }];
  function quote(notice: string | null) {
    const found = notices.find(({ code }) => code === notice?.split("@")[0]);
    if (notice && found) onChange({ notice, purposes: [found.purpose] });
  }
  return (
    <div role="group" aria-label={t("form.box", { number: place + 1 })}>
      <div className={classes.between}>
        <Text fw={600} size="sm">
          {t("form.box", { number: place + 1 })}
        </Text>
        <ActionIcon aria-label={t("form.remove_box", { number: place + 1 })} onClick={onRemove}>
          <IconTrash size={16} stroke={1.75} />
        </ActionIcon>
      </div>
      <div className={fields}>
        <Select label={t("form.quotes")} data={options} value={box.notice || null} onChange={quote} allowDeselect={false} searchable error={faultOf("notice") ?? faultOf("texts")} />
        <TextInput label={t("field.code")} value={box.name} onChange={(event) => onChange({ name: event.currentTarget.value.toLowerCase() })} error={faultOf("name")} />
        <MultiSelect
          label={t("form.purposes")}
          data={purposes.map((each) => ({ value: each, label: tc(`purpose.${each}`) }))}
          value={box.purposes}
          onChange={(chosen) => onChange({ purposes: chosen as Purpose[] })}
          error={faultOf("purposes")}
        />
        <MultiSelect
          label={t("form.channels")}
          data={channels.map((each) => ({ value: each, label: tc(`channel.${each}`) }))}
          value={box.channels}
          onChange={(chosen) => onChange({ channels: chosen as Channel[] })}
          error={faultOf("channels")}
        />
        {/* Neither is offered; a form that came from elsewhere with one can only lose it. */}
        {box.is_preticked && <Checkbox label={t("form.preticked")} checked onChange={() => onChange({ is_preticked: false })} error={faultOf("is_preticked")} />}
        {box.is_required && <Checkbox label={t("form.required")} checked onChange={() => onChange({ is_required: false })} error={faultOf("is_required")} />}
      </div>
    </div>
  );
}
