/** Who processes for us: country, what makes the transfer lawful, the agreement, and whom they use in turn (art. 28, C-36). */
import { ActionIcon, Button, MultiSelect, Select, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { IconAlertTriangle, IconCircleCheck, IconPlus, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { Fact } from "@/ui/page-header";
import { Panel, PanelRow } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./accountability.module.css";
import { activitiesQuery, processorsQuery, useAddProcessor, useChangeProcessor, type NewProcessor, type Processor, type TransferTool } from "./queries";
import { useCountryName, useTold } from "./words";

const tools: TransferTool[] = ["IN_EEA", "ADEQUACY", "DPF", "SCC", "BCR", "DEROGATION"];

export function ProcessorsPanel() {
  const { t } = useTranslation("accountability");
  const mayWrite = useMay("privacy:write");
  const query = useQuery(processorsQuery);
  const [edited, setEdited] = useState<Processor | "new" | null>(null);
  return (
    <Panel
      title={t("processors.title")}
      count={query.data?.filter((each) => !each.ended_on).length}
      note={t("processors.note")}
      more={
        mayWrite && (
          <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited("new")}>
            {t("processors.add")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {(processors) =>
          processors.length ? (
            processors.map((each) => <ProcessorRow key={each.id} processor={each} onEdit={mayWrite ? () => setEdited(each) : undefined} />)
          ) : (
            <EmptyFace icon={<IconUsersGroup size={28} stroke={1.5} />} title={t("processors.empty")} detail={t("processors.empty_detail")} />
          )
        }
      </Loaded>
      {edited && <ProcessorForm processor={edited === "new" ? undefined : edited} onClose={() => setEdited(null)} />}
    </Panel>
  );
}

function ProcessorRow({ processor, onEdit }: { processor: Processor; onEdit?: () => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { day } = useFormats();
  const told = useTold();
  const country = useCountryName();
  return (
    <PanelRow className={classes.row}>
      <div>
        <Text fw={600}>{processor.name}</Text>
        <Text size="sm" c="dimmed">
          {told(processor.service)}
        </Text>
        <div className={classes.facts}>
          <Fact>{country(processor.country)}</Fact>
          <Fact>{t(`tool.${processor.transfer_tool}`)}</Fact>
          {processor.sub_processors.length > 0 && <Fact>{t("processors.subs", { count: processor.sub_processors.length })}</Fact>}
        </div>
      </div>
      <div className={classes.acts}>
        {processor.ended_on ? (
          <ToneBadge tone="quiet" word={t("register.ended", { date: day(processor.ended_on) })} />
        ) : processor.dpa_signed_on ? (
          <ToneBadge tone="good" icon={IconCircleCheck} word={t("processors.signed", { date: day(processor.dpa_signed_on) })} />
        ) : (
          <ToneBadge tone="wait" icon={IconAlertTriangle} word={t("processors.unsigned")} />
        )}
        {onEdit && (
          <Button size="xs" onClick={onEdit}>
            {tc("act.edit")}
          </Button>
        )}
      </div>
    </PanelRow>
  );
}

type Draft = Pick<NewProcessor, "name" | "service" | "country" | "transfer_tool" | "transfer_note" | "dpa_signed_on" | "sub_processors" | "activities" | "since"> & { ended_on: string | null };

function ProcessorForm({ processor, onClose }: { processor?: Processor; onClose: () => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { today } = useFormats();
  const told = useTold();
  const { data: rows = [] } = useQuery(activitiesQuery);
  const add = useAddProcessor();
  const change = useChangeProcessor();
  const [draft, setDraft] = useState<Draft>(
    processor ?? {
      name: "",
      service: { it: "", en: "" },
      country: "IT",
      transfer_tool: "IN_EEA",
      transfer_note: "",
      dpa_signed_on: null,
      sub_processors: [],
      activities: [],
      since: today(),
      ended_on: null,
    },
  );
  const save = processor ? change : add;
  const errors = fieldErrors(save.error);
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const subs = draft.sub_processors ?? [];
  const setSub = (place: number, part: Partial<(typeof subs)[number]>) =>
    set({ sub_processors: subs.map((each, index) => (index === place ? { ...each, ...part } : each)) });
  const toolChoices = tools.map((tool) => ({ value: tool, label: t(`tool.${tool}`) }));

  function send() {
    const then = {
      onSuccess: () => {
        tell(tc("saved"));
        onClose();
      },
    };
    const { name, service, country, transfer_tool, transfer_note, dpa_signed_on, activities, since, ended_on } = draft;
    const said = { name, service, country, transfer_tool, transfer_note, dpa_signed_on, activities, sub_processors: subs };
    if (processor) change.mutate({ id: processor.id, version: processor.version, ...said, ended_on }, then);
    else add.mutate({ ...said, since }, then);
  }

  return (
    <FormModal
      title={processor ? processor.name : t("processors.add")}
      verb={tc("act.save")}
      size="xl"
      errors={errors}
      isBusy={save.isPending}
      canSend={!!draft.name.trim() && /^[A-Z]{2}$/.test(draft.country)}
      onClose={onClose}
      onSend={send}
    >
      <TextInput label={t("processors.name")} value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errors.of("name")} data-autofocus />
      <TextInput
        label={t("processors.country")}
        description={t("processors.country_help")}
        value={draft.country}
        onChange={(event) => set({ country: event.currentTarget.value.toUpperCase().slice(0, 2) })}
        error={errors.of("country")}
      />
      <TextInput label={t("processors.service_it")} lang="it" value={draft.service.it} onChange={(event) => set({ service: { ...draft.service, it: event.currentTarget.value } })} error={errors.of("service.it")} />
      <TextInput label={t("processors.service_en")} lang="en" value={draft.service.en} onChange={(event) => set({ service: { ...draft.service, en: event.currentTarget.value } })} error={errors.of("service.en")} />
      <MultiSelect
        className={wide}
        label={t("processors.activities")}
        data={rows.filter((row) => !row.ended_on).map((row) => ({ value: row.code, label: told(row.name) || row.code }))}
        value={draft.activities ?? []}
        onChange={(activities) => set({ activities })}
        error={errors.of("activities")}
      />
      <Select
        label={t("processors.tool")}
        data={toolChoices}
        value={draft.transfer_tool}
        onChange={(tool) => tool && set({ transfer_tool: tool as TransferTool })}
        allowDeselect={false}
        error={errors.of("transfer_tool")}
      />
      <TextInput
        label={t("processors.tool_note")}
        value={draft.transfer_note}
        onChange={(event) => set({ transfer_note: event.currentTarget.value })}
        error={errors.of("transfer_note")}
      />
      <DateInput label={t("processors.signed_on")} value={draft.dpa_signed_on ?? null} onChange={(day) => set({ dpa_signed_on: day })} clearable valueFormat="D MMMM YYYY" error={errors.of("dpa_signed_on")} />
      {processor && (
        <DateInput label={t("register.last_day")} value={draft.ended_on} onChange={(day) => set({ ended_on: day })} clearable valueFormat="D MMMM YYYY" error={errors.of("ended_on")} />
      )}
      <div className={wide}>
        <Text className={classes.legend}>{t("processors.subs_title")}</Text>
        {subs.map((sub, place) => (
          <div key={place} className={classes.sub}>
            <TextInput aria-label={t("processors.name")} placeholder={t("processors.name")} value={sub.name} onChange={(event) => setSub(place, { name: event.currentTarget.value })} error={errors.of(`sub_processors.${place}.name`)} />
            <TextInput aria-label={t("processors.service")} placeholder={t("processors.service")} value={sub.service} onChange={(event) => setSub(place, { service: event.currentTarget.value })} error={errors.of(`sub_processors.${place}.service`)} />
            <TextInput aria-label={t("processors.country")} value={sub.country} onChange={(event) => setSub(place, { country: event.currentTarget.value.toUpperCase().slice(0, 2) })} error={errors.of(`sub_processors.${place}.country`)} />
            <Select aria-label={t("processors.tool")} data={toolChoices} value={sub.transfer_tool} onChange={(tool) => tool && setSub(place, { transfer_tool: tool as TransferTool })} allowDeselect={false} error={errors.of(`sub_processors.${place}.transfer_tool`)} />
            <ActionIcon aria-label={t("processors.remove_sub", { name: sub.name })} onClick={() => set({ sub_processors: subs.filter((_, index) => index !== place) })}>
              <IconTrash size={16} stroke={1.75} />
            </ActionIcon>
          </div>
        ))}
        <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => set({ sub_processors: [...subs, { name: "", service: "", country: "IE", transfer_tool: "IN_EEA" }] })}>
          {t("processors.add_sub")}
        </Button>
      </div>
    </FormModal>
  );
}
