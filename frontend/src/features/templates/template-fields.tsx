/** What a template is: its class and similarity group decide what permission it needs, so they come first. */
import { SegmentedControl, Select, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Panel, PanelBody } from "@/ui/panel";
import { blankText, mayBeMeasured, purposesOf } from "./blank";
import { type Draft, similarityGroupsQuery } from "./queries";
import classes from "./templates.module.css";

type Props = { draft: Draft; isNew: boolean; errors: Record<string, string>; onChange: (draft: Draft) => void };

const channels: Draft["channel"][] = ["EMAIL", "SMS", "POST", "PHONE_OPERATOR"];

export function TemplateFields({ draft, isNew, errors, onChange }: Props) {
  const { t } = useTranslation(["templates", "common"]);
  const { data: groups = [] } = useQuery(similarityGroupsQuery);
  const purposes = purposesOf(draft.template_class);
  const set = (change: Partial<Draft>) => {
    const next = { ...draft, ...change };
    onChange({ ...next, is_measured: next.is_measured && mayBeMeasured(next) });
  };
  return (
    <Panel>
      <PanelBody pt="lg">
        <div className={classes.fields}>
          <div>
            <Text component="span" className="mantine-InputWrapper-label">
              {t("editor.class")}
            </Text>
            <SegmentedControl
              fullWidth
              size="sm"
              aria-label={t("editor.class")}
              value={draft.template_class}
              onChange={(chosen) => set({ template_class: chosen as Draft["template_class"], purpose: purposesOf(chosen)[0] ?? draft.purpose })}
              data={[
                { value: "MARKETING", label: t("editor.class_marketing") },
                { value: "SERVICE", label: t("editor.class_service") },
              ]}
            />
            <Text size="xs" c="dimmed" mt={4}>
              {t("editor.class_help")}
            </Text>
          </div>
          <Select
            label={t("editor.similarity_group")}
            description={t("editor.similarity_help")}
            placeholder={t("editor.similarity_any")}
            data={groups}
            value={draft.similarity_group}
            onChange={(group) => set({ similarity_group: group })}
            error={errors["similarity_group"]}
            searchable
            clearable
          />
          <TextInput
            className={classes.wide}
            label={t("editor.name")}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={errors["name"]}
            maxLength={200}
          />
          <Select
            label={t("editor.channel")}
            data={channels.map((channel) => ({ value: channel, label: t(`common:channel.${channel}`) }))}
            value={draft.channel}
            disabled={!isNew}
            onChange={(channel) => channel && set({ channel: channel as Draft["channel"], texts: draft.texts.map((text) => blankText(text.language, channel)) })}
            allowDeselect={false}
          />
          <Select
            label={t("editor.purpose")}
            data={purposes.map((purpose) => ({ value: purpose, label: t(`common:purpose.${purpose}`) }))}
            value={draft.purpose}
            onChange={(purpose) => purpose && set({ purpose: purpose as Draft["purpose"] })}
            error={errors["purpose"]}
            allowDeselect={false}
          />
          {mayBeMeasured(draft) && (
            <Switch
              className={classes.wide}
              label={t("editor.measured")}
              description={t("editor.measured_help")}
              checked={draft.is_measured}
              onChange={(event) => set({ is_measured: event.currentTarget.checked })}
            />
          )}
        </div>
      </PanelBody>
    </Panel>
  );
}
