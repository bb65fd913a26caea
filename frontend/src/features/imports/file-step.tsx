/** Step 1: what the file was found to be, each part of it correctable, and its first rows as they are read now. */
import { Alert, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCopyCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import classes from "./imports.module.css";
import { PreviewTable } from "./preview-table";
import { importQuery, kinds, previewQuery, type FileFormat, type Finding, type Import, type ImportChange, type ImportKind } from "./queries";
import { useWords } from "./words";

export type Editing = { subject: Import; isEditable: boolean; onChange: (change: ImportChange) => void; isSaving: boolean; error: unknown };

export function FileStep({ subject, isEditable, onChange, error }: Editing) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const words = useWords();
  const preview = useQuery(previewQuery(subject));
  const problem = error ? asProblem(error) : null;
  return (
    <div className={classes.stack}>
      {subject.same_file_as && <SameFile id={subject.same_file_as} />}
      {problem?.code === "file-unreadable" && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} title={t("file.unreadable")} role="alert">
          {words.problem(problem)}
        </Alert>
      )}
      <Panel title={t("file.how")} note={t("file.how_note")}>
        <PanelBody>
          <FormatForm subject={subject} isEditable={isEditable} onChange={onChange} />
        </PanelBody>
        <PanelRow className={classes.between}>
          <span />
          <LinkButton variant="filled" to="/customers/imports/$id" params={{ id: subject.id }} search={{ step: "columns" }}>
            {t("step.to_columns")}
          </LinkButton>
        </PanelRow>
      </Panel>
      <Loaded query={preview} skeleton={<Panel><SkeletonRows rows={8} /></Panel>}>
        {(found) => (
          <>
            {found.warnings.length > 0 && <Warnings warnings={found.warnings} />}
            <Panel title={t("file.preview")} note={t("file.preview_note", { columns: number(found.columns.length) })}>
              <PreviewTable preview={found} isStale={preview.isPlaceholderData} />
            </Panel>
          </>
        )}
      </Loaded>
    </div>
  );
}

function SameFile({ id }: { id: string }) {
  const { t } = useTranslation("imports");
  const { day } = useFormats();
  const { data } = useQuery(importQuery(id));
  if (!data?.body.applied_at) return null;
  return (
    <Alert color="ink" icon={<IconCopyCheck size={18} />} title={t("file.same", { date: day(data.body.applied_at, "long") })}>
      {t("file.same_detail")}{" "}
      <Link to="/customers/imports/$id" params={{ id }}>
        {t("file.same_open")}
      </Link>
    </Alert>
  );
}

const encodings = ["utf-8", "cp1252", "latin-1", "utf-16-le", "utf-16-be"];
const delimiters: [string, string][] = [[";", "semicolon"], [",", "comma"], ["\t", "tab"], ["|", "pipe"], ["", "none"]];

function FormatForm({ subject, isEditable, onChange }: Pick<Editing, "subject" | "isEditable" | "onChange">) {
  const { t } = useTranslation("imports");
  const { format } = subject;
  const disabled = !isEditable;
  const set = (change: Partial<FileFormat>) => onChange({ format: { ...format, ...change } });
  const known = encodings.includes(format.encoding ?? "utf-8") ? encodings : [...encodings, format.encoding ?? ""];
  return (
    <div className={classes.fields}>
      <Select
        label={t("file.kind")}
        description={t("file.kind_help")}
        disabled={disabled}
        allowDeselect={false}
        value={subject.kind}
        onChange={(kind) => kind && kind !== subject.kind && onChange({ kind: kind as ImportKind })}
        data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      />
      <TextInput
        key={subject.source}
        label={t("file.source")}
        description={t("file.source_help")}
        disabled={disabled}
        maxLength={200}
        defaultValue={subject.source}
        onBlur={(event) => {
          const source = event.currentTarget.value.trim();
          if (source && source !== subject.source) onChange({ source });
        }}
      />
      {format.kind === "csv" ? (
        <>
          <Select
            label={t("file.encoding")}
            disabled={disabled}
            allowDeselect={false}
            value={format.encoding ?? "utf-8"}
            onChange={(encoding) => encoding && set({ encoding, has_bom: encoding === format.encoding && format.has_bom })}
            data={known.map((each) => ({ value: each, label: t(`file.encodings.${each}`, { defaultValue: each }) }))}
          />
          <Select
            label={t("file.delimiter")}
            disabled={disabled}
            allowDeselect={false}
            value={format.delimiter ?? ""}
            onChange={(delimiter) => delimiter !== null && set({ delimiter: delimiter || null })}
            data={[
              ...delimiters.map(([value, name]) => ({ value, label: t(`file.delimiters.${name}`) })),
              ...(delimiters.some(([value]) => value === (format.delimiter ?? "")) ? [] : [{ value: format.delimiter ?? "", label: format.delimiter ?? "" }]),
            ]}
          />
        </>
      ) : (
        <Select
          label={t("file.sheet")}
          disabled={disabled || (format.sheets?.length ?? 0) < 2}
          allowDeselect={false}
          value={format.sheet ?? null}
          onChange={(sheet) => sheet && set({ sheet })}
          data={format.sheets ?? []}
        />
      )}
      <Select
        label={t("file.decimal")}
        disabled={disabled}
        allowDeselect={false}
        value={format.decimal ?? "."}
        onChange={(decimal) => decimal && set({ decimal: decimal as "." | "," })}
        data={[
          { value: ",", label: t("file.decimals.comma") },
          { value: ".", label: t("file.decimals.point") },
        ]}
      />
      <NumberInput
        key={format.header_row}
        label={t("file.header_row")}
        description={t("file.header_row_help")}
        disabled={disabled}
        min={0}
        max={1000}
        allowDecimal={false}
        defaultValue={format.header_row ?? 1}
        onBlur={(event) => {
          const row = Number.parseInt(event.currentTarget.value, 10);
          if (row >= 0 && row <= 1000 && row !== format.header_row) set({ header_row: row });
        }}
      />
    </div>
  );
}

/** The same remark on many rows is one remark with its number. */
function Warnings({ warnings }: { warnings: Finding[] }) {
  const { t } = useTranslation("imports");
  const words = useWords();
  const codes = [...new Set(warnings.map((warning) => warning.code))];
  return (
    <Panel title={t("file.warnings")}>
      {codes.map((code) => {
        const [first, ...others] = warnings.filter((warning) => warning.code === code);
        if (!first) return null;
        const where = [first.row !== null && t("file.warning_row", { row: first.row }), first.column !== null && t("file.warning_column", { column: first.column })];
        return (
          <PanelRow key={code} className={classes.warning} data-warning={code}>
            <IconAlertTriangle size={17} stroke={1.75} color="var(--deferred)" aria-hidden />
            <Text size="sm">
              {words.finding(first)}
              <Text span c="dimmed" size="sm">
                {where.some(Boolean) && ` · ${where.filter(Boolean).join(", ")}`}
                {others.length > 0 && ` ${t("file.warnings_more", { count: others.length })}`}
              </Text>
            </Text>
          </PanelRow>
        );
      })}
    </Panel>
  );
}
