/** What a yes in the file is worth: without date, text and proof it stays unproven and opens nothing (B-06). */
import { Select, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel, PanelBody } from "@/ui/panel";
import type { Editing } from "./file-step";
import classes from "./imports.module.css";
import { missingProof } from "./mapping";
import { noticesQuery, type Options } from "./queries";

export function ConsentsPanel({ subject, isEditable, onChange }: Editing) {
  const { t } = useTranslation("imports");
  const formats = useFormats();
  const { options, columns } = subject;
  const missing = missingProof(columns, options);
  const set = (change: Partial<Options>) => onChange({ options: { ...options, ...change } });
  const from = (...fields: string[]) => {
    const name = columns.find((each) => each.field && fields.includes(each.field))?.name;
    return name === undefined ? undefined : t("consents.from_column", { name });
  };
  return (
    <Panel title={t("consents.title")} highlighted={missing.length > 0}>
      <PanelBody>
        <Text size="sm" fw={550} c={missing.length > 0 ? "var(--deferred)" : "var(--allowed)"} role="status">
          {missing.length > 0 ? t("consents.unproven", { missing: formats.list(missing.map((part) => t(`consents.missing.${part}`))) }) : t("consents.proven")}
        </Text>
        <Text size="sm" c="dimmed" mt={4} mb="md">
          {t("consents.no_stands")}
        </Text>
        <div className={classes.fields}>
          {/* In a file of consents each row has its own day. */}
          {subject.kind === "customers" && (
            <DateInput
              label={t("consents.on")}
              description={from("consent_on")}
              disabled={!isEditable}
              valueFormat="D MMM YYYY"
              maxDate={formats.today()}
              clearable
              value={options.consent_on ?? null}
              onChange={(day) => set({ consent_on: day })}
            />
          )}
          <NoticeSelect value={options.consent_text ?? null} description={from("consent_text", "notice")} disabled={!isEditable} onChange={(text) => set({ consent_text: text })} />
          <TextInput
            key={options.consent_evidence}
            label={t("consents.evidence")}
            description={from("consent_evidence", "evidence") ?? t("consents.evidence_help")}
            disabled={!isEditable}
            maxLength={200}
            defaultValue={options.consent_evidence ?? ""}
            onBlur={(event) => {
              const evidence = event.currentTarget.value.trim() || null;
              if (evidence !== (options.consent_evidence ?? null)) set({ consent_evidence: evidence });
            }}
          />
        </div>
      </PanelBody>
    </Panel>
  );
}

type NoticeProps = { value: string | null; description: string | undefined; disabled: boolean; onChange: (value: string | null) => void };

function NoticeSelect({ value, onChange, ...props }: NoticeProps) {
  const { t } = useTranslation("imports");
  const { day } = useFormats();
  const { data = [] } = useQuery(noticesQuery);
  const texts = data.flatMap((notice) => {
    const versions = [...new Map(notice.versions.map((version) => [version.version, version])).values()];
    return versions.map((version) => ({
      value: `${notice.code}@${version.version}`,
      label: `${notice.name} · ${version.version} · ${day(version.effective_from)}`,
    }));
  });
  const known = value && !texts.some((text) => text.value === value) ? [{ value, label: value }, ...texts] : texts;
  return <Select label={t("consents.text")} placeholder={t("consents.text_none")} clearable value={value} onChange={onChange} data={known} {...props} />;
}
