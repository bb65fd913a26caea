/** `/customers/imports`: every file that came in, with its progress on its row. */
import { Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconFileImport } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager, rowLink, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { FileDrop } from "./file-drop";
import { StateOfImport } from "./import-state";
import classes from "./imports.module.css";
import { OutcomeBar } from "./outcome-parts";
import { importsQuery, isWorking, type Import, type ImportSummary } from "./queries";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void; onUploaded: (uploaded: Import) => void; actions?: ReactNode };

export function ImportList({ cursor, onCursor, onUploaded, actions }: Props) {
  const { t } = useTranslation("imports");
  const query = useQuery(importsQuery(cursor));
  const mayWrite = useMay("imports:write");
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("list.title")} subtitle={t("list.subtitle")} actions={actions} />
      <div className={classes.stack}>
        {mayWrite && <FileDrop onUploaded={onUploaded} />}
        <Panel aria-label={t("document")}>
          <Loaded query={query}>
            {(page) =>
              page.items.length ? (
                <>
                  <Imports imports={page.items} isStale={query.isPlaceholderData} />
                  <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} totalIsCapped={page.total_is_capped} onCursor={onCursor} />
                </>
              ) : (
                <EmptyFace icon={<IconFileImport size={28} stroke={1.5} />} title={t("list.empty")} detail={t("list.empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
      </div>
    </>
  );
}

function Imports({ imports, isStale }: { imports: ImportSummary[]; isStale: boolean }) {
  const { t } = useTranslation("imports");
  const { number, moment } = useFormats();
  const columns: Column<ImportSummary>[] = [
    {
      key: "file",
      header: t("list.file"),
      render: (row) => (
        <div className={classes.named}>
          <Link to="/customers/imports/$id" params={{ id: row.id }} className={rowLink}>
            {row.file_name}
          </Link>
          <Text size="xs" c="dimmed">
            {t(`kind.${row.kind}`)}
          </Text>
        </div>
      ),
    },
    { key: "state", header: t("list.state"), width: 140, render: (row) => <StateOfImport state={row.state} failure={row.failure} /> },
    { key: "rows", header: t("list.rows"), align: "right", width: 90, render: (row) => (row.row_total === null ? "–" : number(row.row_total)) },
    { key: "outcome", header: t("list.outcome"), width: 230, render: (row) => <RowOutcome row={row} /> },
    { key: "by", header: t("list.by"), isSecondary: true, render: (row) => row.created_by },
    { key: "when", header: t("list.when"), align: "right", render: (row) => moment(row.undone_at ?? row.applied_at ?? row.created_at) },
  ];
  return <DataTable label={t("document")} columns={columns} rows={imports} rowKey={(row) => row.id} isStale={isStale} minWidth={680} />;
}

function RowOutcome({ row }: { row: ImportSummary }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  if (isWorking(row)) {
    // How far an undoing is, only the import itself tells.
    const total = row.state === "undoing" ? null : row.row_total;
    return (
      <div>
        <Progress size="sm" value={total ? (row.row_done / total) * 100 : 100} animated={!total} aria-label={row.file_name} />
        <Text size="xs" c="dimmed" mt={3}>
          {total ? t("list.done_of", { done: number(row.row_done), total: number(total) }) : t(row.state === "undoing" ? "undo.running" : "rehearsal.reading")}
        </Text>
      </div>
    );
  }
  if (row.row_done === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("list.not_yet")}
      </Text>
    );
  }
  return (
    <div className={classes.rowBar}>
      <OutcomeBar counts={row.counts} height={9} />
    </div>
  );
}
