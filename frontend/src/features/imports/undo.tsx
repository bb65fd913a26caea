/** Taking a whole import back: what goes, what returns, and what stays because somebody touched it since. */
import { Alert, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { StateBar } from "@/ui/state-bar";
import { tellProblem } from "@/ui/toast";
import classes from "./imports.module.css";
import { OutcomeFigures } from "./outcome-parts";
import { rowsQuery, useImportAct, type Import, type ImportRow, type RowFilter } from "./queries";
import { Who } from "./rows-panel";
import { changing, undoneRows } from "./steps";
import { useWords } from "./words";
import { WorkBar } from "./work-bar";

export function UndoButton({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconArrowBackUp size={16} stroke={1.75} />} onClick={open}>
        {t("undo.act")}
      </Button>
      {isOpen && <UndoModal subject={subject} onClose={close} />}
    </>
  );
}

function UndoModal({ subject, onClose }: { subject: Import; onClose: () => void }) {
  const { t } = useTranslation("imports");
  const act = useImportAct(subject.id);
  const [key] = useState(() => crypto.randomUUID());
  const consequences = ["removed", "restored", "kept", ...(subject.kind === "customers" || subject.kind === "consents" ? ["refusals"] : [])];
  return (
    <ConfirmModal
      isOpen
      onClose={onClose}
      title={t("undo.title")}
      verb={t("undo.act")}
      isHarmful
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ act: "undo", key }, { onSuccess: onClose, onError: tellProblem })}
    >
      <OutcomeFigures counts={subject.counts} />
      <ul className={classes.remarks}>
        {consequences.map((each) => (
          <li key={each}>{t(`undo.${each}`)}</li>
        ))}
      </ul>
    </ConfirmModal>
  );
}

export function Undoing({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const mayWrite = useMay("imports:write");
  const act = useImportAct(subject.id);
  const done = undoneRows(subject.undo_counts);
  const total = changing(subject.counts);
  return (
    <Panel>
      <PanelBody pt="lg">
        {subject.failure ? (
          <Alert color="red" icon={<IconHandStop size={18} />} title={t("undo.stopped")} role="alert" mb="md">
            {subject.failure}
            <Text size="sm" mt={4}>
              {t("undo.stopped_detail")}
            </Text>
          </Alert>
        ) : (
          <p className={classes.lead} role="status">
            {t("undo.running")}
          </p>
        )}
        <WorkBar done={done} total={total} label={t("undo.running")} isStill={subject.failure !== null} />
        <Text size="sm" c="dimmed" mt="sm">
          {t("rehearsal.of", { done: number(done), total: number(total) })} · {t("rehearsal.close_page")}
        </Text>
      </PanelBody>
      {subject.failure && mayWrite && (
        <PanelRow className={classes.between}>
          <span />
          <Button variant="filled" loading={act.isPending} onClick={() => act.mutate({ act: "undo", key: crypto.randomUUID() }, { onError: tellProblem })}>
            {t("undo.resume")}
          </Button>
        </PanelRow>
      )}
    </Panel>
  );
}

const parts = [
  { key: "removed", tone: "ink", fill: "var(--chart-ink)" },
  { key: "restored", tone: "teal", fill: "var(--chart-teal)" },
  { key: "kept", tone: "deferred", fill: "var(--deferred)" },
] as const;

type Props = { subject: Import; filter: RowFilter; onFilter: (filter: RowFilter) => void };

export function Undone({ subject, filter, onFilter }: Props) {
  const { t } = useTranslation("imports");
  const { number, moment } = useFormats();
  const counts = subject.undo_counts;
  return (
    <div className={classes.stack}>
      <Panel>
        <PanelBody pt="lg">
          <p className={classes.lead} role="status">
            {t("undo.done")}
          </p>
          <Text size="sm" c="dimmed" mb="md">
            {subject.undone_at && moment(subject.undone_at)}
            {!counts.kept && ` · ${t("undo.kept_none")}`}
          </Text>
          <StateBar height={22} parts={parts.map(({ key, tone }) => ({ value: counts[key] ?? 0, tone, label: t(`undo.${key}_word`) }))} />
          <div className={classes.figures}>
            {parts.map(({ key, fill }) => (
              <div key={key} className={classes.figure} data-undone={key}>
                <b>{number(counts[key] ?? 0)}</b>
                <span>
                  <i style={{ background: fill }} aria-hidden />
                  {t(`undo.${key}_word`)}
                </span>
              </div>
            ))}
          </div>
        </PanelBody>
        <PanelRow className={classes.between}>
          <span />
          <LinkButton variant="filled" to="/customers/imports">
            {t("undo.to_list")}
          </LinkButton>
        </PanelRow>
      </Panel>
      {!!counts.kept && <Kept subject={subject} filter={filter} onFilter={onFilter} />}
    </div>
  );
}

function Kept({ subject, filter, onFilter }: Props) {
  const { t } = useTranslation("imports");
  const { number, list } = useFormats();
  const words = useWords();
  const query = useQuery(rowsQuery(subject, { kept: true, cursor: filter.cursor }));
  const columns: Column<ImportRow>[] = [
    { key: "row", header: t("rows.row"), width: 80, render: (row) => number(row.row_no) },
    { key: "who", header: t("rows.who"), render: (row) => <Who row={row} /> },
    { key: "what", header: t("undo.kept_what"), render: (row) => list([...new Set(row.kept.map(words.kept))]) },
  ];
  return (
    <Panel title={t("undo.kept_title")} count={number(subject.undo_counts.kept ?? 0)}>
      <Loaded query={query}>
        {(page) => (
          <>
            <DataTable label={t("undo.kept_title")} columns={columns} rows={page.items} rowKey={(row) => String(row.row_no)} isStale={query.isPlaceholderData} minWidth={460} />
            <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={(cursor) => onFilter({ cursor })} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
