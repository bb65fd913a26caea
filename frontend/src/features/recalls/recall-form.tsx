/** The setup of a recall beside the path one message takes: what is typed on the left is drawn on the right. */
import { Button, NumberInput, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { problemWords } from "@/lib/problem-words";
import { Panel, PanelBody } from "@/ui/panel";
import { type RemoteOption, RemoteSelect } from "@/ui/remote-select";
import { tell, tellProblem } from "@/ui/toast";
import { type Recall, type Setup, searchCategories, segmentChoicesQuery, templateChoicesQuery, useSaveRecall } from "./queries";
import classes from "./recalls.module.css";
import { SequenceTrack } from "./sequence-track";
import { blankSetup, isSame, setupOf, withKind } from "./setup";

type Props = { saved: Recall | null; onSaved: (recall: Recall) => void };

export function RecallForm({ saved, onSaved }: Props) {
  const { t } = useTranslation("recalls");
  const before = saved ? setupOf(saved) : blankSetup("");
  const [setup, setSetup] = useState<Setup>(before);
  const save = useSaveRecall(saved?.id ?? null);
  const problem = save.error && asProblem(save.error);
  const errorOf = (field: string) => problem?.errors.find(({ path }) => path.split(".").at(-1) === field)?.message;
  const set = (change: Partial<Setup>) => setSetup({ ...setup, ...change });
  const isDirty = saved === null || !isSame(setup, before);

  return (
    <form
      className={classes.pair}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(setup, {
          onSuccess: (recall) => {
            tell(t("form.saved"));
            onSaved(recall);
          },
          onError: (error) => asProblem(error).status === 412 && tellProblem(error),
        });
      }}
    >
      <Panel>
        <PanelBody pt="lg">
          <div className={classes.fields}>
            <TextInput className={classes.wide} label={t("form.name")} value={setup.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errorOf("name")} maxLength={200} />
            <KindChoice setup={setup} isNew={saved === null} onChange={setSetup} />
            {setup.kind === "rhythm" && <Category setup={setup} name={saved?.category_name ?? null} onChange={set} />}
            <TemplateChoice setup={setup} onChange={set} error={errorOf("template_id")} />
            <Eligibility setup={setup} onChange={set} />
            <Hours setup={setup} onChange={set} error={errorOf("send_from") ?? errorOf("send_until")} />
            <Days label={t("form.cooldown")} value={setup.cooldown_days} onChange={(cooldown_days) => set({ cooldown_days })} max={365} />
            <Days label={t("form.lead")} value={setup.lead_days} onChange={(lead_days) => set({ lead_days })} max={60} />
            <Control setup={setup} onChange={set} />
            {problem && problem.errors.length === 0 && problem.status !== 412 && <div className={classes.whole}>{problemWords(problem).title}</div>}
            {isDirty && (
              <div className={classes.wide}>
                <Button type="submit" variant="filled" loading={save.isPending} disabled={!setup.name.trim() || !setup.template_id}>
                  {t(saved ? "form.save" : "form.create")}
                </Button>
              </div>
            )}
          </div>
        </PanelBody>
      </Panel>
      <SequenceTrack setup={setup} />
    </form>
  );
}

type PartProps = { setup: Setup; onChange: (change: Partial<Setup>) => void; error?: string };

function KindChoice({ setup, isNew, onChange }: { setup: Setup; isNew: boolean; onChange: (setup: Setup) => void }) {
  const { t } = useTranslation("recalls");
  return (
    <div className={classes.wide}>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label={t("form.kind")}
        disabled={!isNew}
        value={setup.kind}
        onChange={(kind) => onChange(withKind(setup, kind as Setup["kind"]))}
        data={(["rhythm", "birthday"] as const).map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {t(`kind_help.${setup.kind}`)}
      </Text>
    </div>
  );
}

function Category({ setup, name, onChange }: PartProps & { name: string | null }) {
  const { t } = useTranslation("recalls");
  const [picked, setPicked] = useState<RemoteOption | null>(setup.category_id && name ? { value: setup.category_id, label: name } : null);
  return (
    <RemoteSelect
      label={t("form.category")}
      placeholder={t("form.category_any")}
      searchKey={["categories", "choices"]}
      search={searchCategories}
      clearable
      chosen={picked}
      onChoose={(option) => {
        setPicked(option);
        onChange({ category_id: option?.value ?? null });
      }}
    />
  );
}

function TemplateChoice({ setup, onChange, error }: PartProps) {
  const { t } = useTranslation(["recalls", "common"]);
  const { data: templates = [] } = useQuery(templateChoicesQuery);
  return (
    <Select
      label={t("form.template")}
      data={templates.map((template) => ({ value: template.id, label: `${template.name} · ${t(`common:channel.${template.channel}`)}` }))}
      value={setup.template_id}
      onChange={(template_id) => onChange({ template_id })}
      nothingFoundMessage={t("form.no_template")}
      searchable
      allowDeselect={false}
      error={error}
    />
  );
}

function Eligibility({ setup, onChange }: PartProps) {
  const { t } = useTranslation("recalls");
  const { data: segments = [] } = useQuery(segmentChoicesQuery);
  return (
    <Select
      className={setup.kind === "rhythm" ? classes.wide : undefined}
      label={t("form.eligibility")}
      placeholder={t("form.eligibility_any")}
      data={segments}
      value={setup.eligibility_segment_id}
      onChange={(id) => onChange({ eligibility_segment_id: id })}
      searchable
      clearable
    />
  );
}

function Hours({ setup, onChange, error }: PartProps) {
  const { t } = useTranslation("recalls");
  return (
    <>
      <Hour label={t("form.hours_from")} value={setup.send_from} onChange={(send_from) => onChange({ send_from })} error={error} />
      <Hour label={t("form.hours_until")} value={setup.send_until} onChange={(send_until) => onChange({ send_until })} />
    </>
  );
}

/** Half hours of a 24-hour day: a native time field would follow the browser's own clock and show AM and PM. */
const halfHours = Array.from({ length: 48 }, (_, half) => `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);

function Hour({ label, value, onChange, error }: { label: string; value: string; onChange: (hour: string) => void; error?: string }) {
  return (
    <Select
      label={label}
      data={halfHours.includes(value) ? halfHours : [value, ...halfHours]}
      value={value}
      onChange={(hour) => hour && onChange(hour)}
      allowDeselect={false}
      error={error}
    />
  );
}

function Days({ label, value, onChange, max }: { label: string; value: number; onChange: (days: number) => void; max: number }) {
  const { t } = useTranslation("recalls");
  return (
    <NumberInput
      label={label}
      value={value}
      onChange={(days) => onChange(Number(days) || 0)}
      min={0}
      max={max}
      allowDecimal={false}
      suffix={` ${t("form.days", { count: value })}`}
    />
  );
}

const shares = ["0.05", "0.10", "0.20", "0.30", "0.00"];

function Control({ setup, onChange }: PartProps) {
  const { t } = useTranslation("recalls");
  const { percent } = useFormats();
  const value = shares.find((share) => Number(share) === Number(setup.control_share)) ?? setup.control_share;
  return (
    <div className={classes.wide}>
      <Text component="span" className="mantine-InputWrapper-label">
        {t("form.control")}
      </Text>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label={t("form.control")}
        value={value}
        onChange={(share) => onChange({ control_share: share })}
        data={[...new Set([...shares, value])].map((share) => ({ value: share, label: Number(share) === 0 ? t("form.control_none") : percent(Number(share), 0) }))}
      />
      <Text size="xs" c={Number(value) === 0 ? "var(--deferred)" : "dimmed"} mt={4}>
        {t(Number(value) === 0 ? "form.control_off" : "form.control_help")}
      </Text>
    </div>
  );
}
