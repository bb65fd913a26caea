/** `/customers/exports`: what was asked for, who was left out and why, and the file while it is kept. */
import { ActionIcon, Button, Progress, Text } from "@mantine/core";
import { IconCircleCheck, IconClock, IconDownload, IconFileExport, IconHandStop, IconHourglass, IconTrash, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { ConfirmAt } from "@/ui/confirm";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import { Why } from "@/ui/why";
import classes from "./exports.module.css";
import { useFilterWords } from "./filter-words";
import { exportsQuery, useDownloadExport, useRemoveExport, type Export } from "./queries";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void; actions?: ReactNode };

export function ExportList({ cursor, onCursor, actions }: Props) {
  const { t } = useTranslation("exports");
  const query = useQuery(exportsQuery(cursor));
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("title")} subtitle={t("subtitle")} actions={actions} />
      <Panel aria-label={t("document")}>
        <Loaded query={query}>
          {(page) =>
            page.items.length ? (
              <>
                <Exports exports={page.items} isStale={query.isPlaceholderData} />
                <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} totalIsCapped={page.total_is_capped} onCursor={onCursor} />
              </>
            ) : (
              <EmptyFace
                icon={<IconFileExport size={28} stroke={1.5} />}
                title={t("empty")}
                detail={t("empty_detail")}
                action={<LinkButton to="/customers">{t("to_customers")}</LinkButton>}
              />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

const looks: Record<Export["state"], [Tone, Icon]> = {
  waiting: ["wait", IconClock],
  running: ["wait", IconHourglass],
  done: ["good", IconCircleCheck],
  failed: ["bad", IconHandStop],
  expired: ["quiet", IconTrash],
};

function Exports({ exports, isStale }: { exports: Export[]; isStale: boolean }) {
  const { t } = useTranslation("exports");
  const { t: tc } = useTranslation();
  const { moment } = useFormats();
  const filterWords = useFilterWords();
  const columns: Column<Export>[] = [
    {
      key: "what",
      header: t("column.what"),
      render: (row) => (
        <div className={classes.cell}>
          <b>{t(`kind.${row.kind}`)}</b> · {t(`format.${row.format}`)}
          <Text size="xs" c="dimmed">
            {filterWords(row.filters)} · {t(`use.${row.use}`)}
            {row.purpose && row.channel && `: ${tc(`purpose.${row.purpose}`)}, ${tc(`channel.${row.channel}`)}`}
          </Text>
        </div>
      ),
    },
    {
      key: "state",
      header: t("column.state"),
      width: 130,
      render: (row) => {
        const [tone, icon] = looks[row.state];
        return (
          <div title={row.failure ?? undefined}>
            <ToneBadge tone={tone} icon={icon} word={t(`state.${row.state}`)} />
          </div>
        );
      },
    },
    { key: "rows", header: t("column.rows"), align: "right", width: 110, render: (row) => <Rows row={row} /> },
    { key: "left_out", header: t("column.left_out"), align: "right", width: 120, render: (row) => <LeftOut row={row} /> },
    {
      key: "by",
      header: t("column.by"),
      isSecondary: true,
      render: (row) => (
        <div className={classes.cell}>
          {row.requested_by_name}
          <Text size="xs" c="dimmed" lineClamp={2} title={row.reason}>
            {row.reason}
          </Text>
        </div>
      ),
    },
    { key: "when", header: t("column.when"), align: "right", width: 120, render: (row) => moment(row.created_at) },
    { key: "acts", header: "", align: "right", width: 190, render: (row) => <Acts row={row} /> },
  ];
  return <DataTable label={t("document")} columns={columns} rows={exports} rowKey={(row) => row.id} isStale={isStale} minWidth={760} />;
}

function Rows({ row }: { row: Export }) {
  const { t } = useTranslation("exports");
  const { number } = useFormats();
  if (row.state !== "running") return row.state === "waiting" ? "–" : number(row.rows_written);
  const done = row.rows_written + row.left_out.reduce((sum, each) => sum + each.count, 0);
  return (
    <div>
      {row.rows_total ? t("rows_of", { done: number(done), total: number(row.rows_total) }) : number(done)}
      <Progress size="xs" mt={3} value={row.rows_total ? (done / row.rows_total) * 100 : 100} animated={!row.rows_total} aria-label={t("state.running")} />
    </div>
  );
}

function LeftOut({ row }: { row: Export }) {
  const { t } = useTranslation("exports");
  const { number } = useFormats();
  const reasons = useReasons();
  const total = row.left_out.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) return row.use === "CONTACT" && row.state === "done" ? t("nobody_left_out") : "–";
  return (
    <Why
      label={t("left_out_title", { count: total, formatted: number(total) })}
      explanation={{
        sentence: t("left_out_title", { count: total, formatted: number(total) }),
        facts: row.left_out.map(({ reason, count }) => ({ label: reason === "MERGED" ? t("merged") : reasons.sentence(reason), value: number(count) })),
      }}
    >
      <span className={classes.why}>{number(total)}</span>
    </Why>
  );
}

function Acts({ row }: { row: Export }) {
  const { t } = useTranslation("exports");
  const { moment, relativeDay } = useFormats();
  const download = useDownloadExport();
  const remove = useRemoveExport();
  if (row.state === "expired" || row.state === "failed") return null;
  return (
    <div className={classes.acts}>
      {row.state === "done" && (
        <div>
          <Button
            size="xs"
            leftSection={<IconDownload size={15} stroke={1.75} />}
            loading={download.isPending}
            onClick={() => download.mutate(row, { onError: tellProblem })}
          >
            {t("download")}
          </Button>
          <Text size="xs" c="dimmed" mt={2}>
            {row.downloaded_at ? t("downloaded", { when: moment(row.downloaded_at) }) : row.expires_at && t("expires", { when: relativeDay(row.expires_at) })}
          </Text>
        </div>
      )}
      <ConfirmAt
        question={t("remove_question")}
        verb={t("remove")}
        onConfirm={() => remove.mutate(row.id, { onSuccess: () => tell(t("removed")), onError: tellProblem })}
      >
        {(open) => (
          <ActionIcon aria-label={t("remove")} title={t("remove")} onClick={open} loading={remove.isPending}>
            <IconTrash size={16} stroke={1.75} />
          </ActionIcon>
        )}
      </ConfirmAt>
    </div>
  );
}
