/** Step 2: what each column becomes. What is left out looks left out; what must be decided by a person says so beside its column. */
import { Alert, Button, Checkbox, Table, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPlay, IconSearch, IconSparkles } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import { ColumnRow } from "./column-row";
import { ConsentsPanel } from "./consents-panel";
import type { Editing } from "./file-step";
import classes from "./imports.module.css";
import { KeepMapping } from "./keep-mapping";
import { usedFields } from "./mapping";
import { OptionsPanel } from "./options-panel";
import { fieldsQuery, previewQuery, useImportAct, type Column, type Field, type Import, type Preview } from "./queries";
import { RecognitionPanel } from "./recognition-panel";
import { useWords } from "./words";

type Props = Editing & { onRehearsed: () => void };

export function ColumnsStep(props: Props) {
  const preview = useQuery(previewQuery(props.subject));
  const fields = useQuery(fieldsQuery(props.subject.kind));
  return (
    <Loaded query={fields} skeleton={<Waiting />}>
      {(known) => (
        <Loaded query={preview} skeleton={<Waiting />}>
          {(found) => <Mapping {...props} fields={known} preview={found} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Waiting() {
  return (
    <Panel>
      <SkeletonRows rows={8} />
    </Panel>
  );
}

function Mapping({ fields, preview, ...editing }: Props & { fields: Field[]; preview: Preview }) {
  const { t } = useTranslation("imports");
  const { subject, isEditable, onChange } = editing;
  const used = usedFields(subject.columns);
  const hasConsents = subject.kind === "consents" || [...used].some((name) => fields.find((field) => field.name === name && field.type === "yes_no" && field.group === "consents"));
  const recognises = subject.kind === "customers";
  return (
    <div className={classes.stack}>
      {preview.saved_mapping && (
        <Alert color="ink" icon={<IconSparkles size={18} />} role="status">
          {t("columns.saved_mapping", { name: preview.saved_mapping })}
        </Alert>
      )}
      <WholeFaults subject={subject} />
      <ColumnTable subject={subject} fields={fields} preview={preview} isEditable={isEditable} onColumns={(columns) => onChange({ columns })}>
        {isEditable && <Onward {...editing} />}
      </ColumnTable>
      <div className={classes.pair}>
        {hasConsents && <ConsentsPanel {...editing} />}
        {recognises && <RecognitionPanel {...editing} used={used} />}
        <OptionsPanel {...editing} preview={preview} used={used} />
      </div>
    </div>
  );
}

/** What no single column can be blamed for. */
function WholeFaults({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const words = useWords();
  const faults = subject.faults.filter((fault) => fault.column === null);
  if (faults.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={t("columns.decide")} role="status">
      {faults.map((fault) => (
        <div key={`${fault.code}-${fault.field}`}>{t(`fault.${fault.code}`, { field: words.field(fault.field ?? "") })}</div>
      ))}
    </Alert>
  );
}

function Onward({ subject, isSaving, onRehearsed }: Props) {
  const { t } = useTranslation("imports");
  const act = useImportAct(subject.id);
  const isOpen = subject.faults.length > 0;
  return (
    <PanelRow className={classes.between}>
      <KeepMapping subject={subject} />
      <div className={classes.onward}>
        {isOpen && (
          <Text size="sm" c="var(--deferred)" fw={550}>
            {t("step.locked_rehearsal")}
          </Text>
        )}
        {subject.state === "rehearsed" ? (
          <LinkButton variant="filled" to="/customers/imports/$id" params={{ id: subject.id }} search={{ step: "rehearsal" }}>
            {t("step.see_rehearsal")}
          </LinkButton>
        ) : (
          <Button
            variant="filled"
            leftSection={<IconPlayerPlay size={16} />}
            disabled={isOpen}
            loading={act.isPending || isSaving}
            onClick={() => act.mutate({ act: "rehearse" }, { onSuccess: onRehearsed, onError: tellProblem })}
          >
            {t("step.to_rehearsal")}
          </Button>
        )}
      </div>
    </PanelRow>
  );
}

const AT_ONCE = 80;

type TableProps = { subject: Import; fields: Field[]; preview: Preview; isEditable: boolean; onColumns: (columns: Column[]) => void; children: ReactNode };

function ColumnTable({ subject, fields, preview, isEditable, onColumns, children }: TableProps) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const [text, setText] = useState("");
  const [isUsedOnly, setUsedOnly] = useState(false);
  const [isOpenOnly, setOpenOnly] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const wanted = useDeferredValue(text.trim().toLocaleLowerCase());
  const latest = useRef({ columns: subject.columns, onColumns });
  useEffect(() => {
    latest.current = { columns: subject.columns, onColumns };
  });
  const change = useCallback((changed: Column) => {
    latest.current.onColumns(latest.current.columns.map((column) => (column.index === changed.index ? changed : column)));
  }, []);
  const faults = new Map(subject.faults.flatMap((fault) => (fault.column === null ? [] : [[fault.column, fault.code] as const])));
  const found = new Map(preview.columns.map((column) => [column.index, column]));
  const matching = subject.columns.filter(
    (column) => (!isUsedOnly || column.field) && (!isOpenOnly || faults.has(column.index)) && (!wanted || column.name.toLocaleLowerCase().includes(wanted)),
  );
  const shown = isWhole ? matching : matching.slice(0, AT_ONCE);
  const hidden = matching.length - shown.length;
  const used = subject.columns.filter((column) => column.field).length;
  return (
    <Panel title={t("columns.title")} note={t("columns.used", { used: number(used), total: number(subject.columns.length) })}>
      {subject.columns.length > 8 && (
        <PanelBody className={classes.filters}>
          <TextInput
            size="xs"
            leftSection={<IconSearch size={15} stroke={1.75} />}
            placeholder={t("columns.search")}
            aria-label={t("columns.search")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Checkbox size="xs" label={t("columns.only_used")} checked={isUsedOnly} onChange={(event) => setUsedOnly(event.currentTarget.checked)} />
          {faults.size > 0 && <Checkbox size="xs" label={t("columns.only_open")} checked={isOpenOnly} onChange={(event) => setOpenOnly(event.currentTarget.checked)} />}
        </PanelBody>
      )}
      <div className={classes.mappingScroll}>
        <Table className={classes.mapping} aria-label={t("columns.title")} verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("columns.column")}</Table.Th>
              <Table.Th>{t("columns.example")}</Table.Th>
              <Table.Th>{t("columns.becomes")}</Table.Th>
              <Table.Th>{t("columns.rule")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((column) => (
              <ColumnRow
                key={column.index}
                mapped={column}
                found={found.get(column.index)}
                fields={fields}
                fault={faults.get(column.index)}
                isEditable={isEditable}
                onChange={change}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {matching.length === 0 && (
        <Text size="sm" c="dimmed" p="lg">
          {t("columns.none_found")}
        </Text>
      )}
      {hidden > 0 && (
        <PanelRow>
          <Button size="xs" variant="subtle" onClick={() => setWhole(true)}>
            {t("columns.show_more", { count: hidden })}
          </Button>
        </PanelRow>
      )}
      {subject.columns.some((column) => column.policy === "newest") && !subject.columns.some((column) => column.field === "changed_on") && (
        <PanelRow>
          <Text size="sm" c="dimmed">
            {t("columns.newest_hint")}
          </Text>
        </PanelRow>
      )}
      {children}
    </Panel>
  );
}
