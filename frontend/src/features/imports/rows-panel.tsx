/** Rows by outcome: who, what was there and what comes, or why not. */
import { Button, Text, UnstyledButton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import classes from "./imports.module.css";
import { looks } from "./outcome-parts";
import { outcomes, rejectedRowsHref, rowsQuery, type Import, type ImportRow, type Outcome, type RowFilter } from "./queries";
import { useWords } from "./words";

type Props = { subject: Import; filter: RowFilter; onFilter: (filter: RowFilter) => void; isSample?: boolean };

export function RowsPanel({ subject, filter, onFilter, isSample }: Props) {
  const { t } = useTranslation("imports");
  const present = outcomes.filter((each) => (subject.counts[each] ?? 0) > 0);
  // Rejected rows are what somebody comes for.
  const chosen = filter.outcome ?? (present.includes("rejected") ? "rejected" : present[0]);
  const query = useQuery({ ...rowsQuery(subject, { outcome: chosen, cursor: filter.cursor }), enabled: chosen !== undefined });
  if (chosen === undefined) return null;
  return (
    <Panel title={t("rows.title")} note={isSample && t("rehearsal.examples")} more={<DownloadRejected subject={subject} />}>
      <PanelBody>
        <div className={classes.filters} role="group" aria-label={t("rows.filter")}>
          {present.map((each) => (
            <OutcomeButton key={each} outcome={each} count={subject.counts[each] ?? 0} isChosen={each === chosen} onChoose={() => onFilter({ outcome: each })} />
          ))}
        </div>
      </PanelBody>
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <Rows rows={page.items} isStale={query.isPlaceholderData} outcome={chosen} />
              <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={(cursor) => onFilter({ outcome: filter.outcome, cursor })} />
            </>
          ) : (
            <EmptyFace title={t("rows.none")} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function OutcomeButton({ outcome, count, isChosen, onChoose }: { outcome: Outcome; count: number; isChosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  return (
    <UnstyledButton className={classes.outcome} data-chosen={isChosen || undefined} aria-pressed={isChosen} onClick={onChoose} title={t(`outcome_help.${outcome}`)}>
      <i style={{ background: looks[outcome].fill }} aria-hidden />
      <b>{number(count)}</b> {t(`outcome.${outcome}`)}
    </UnstyledButton>
  );
}

export function DownloadRejected({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const mayWrite = useMay("imports:write");
  if (!mayWrite || !subject.counts.rejected || !subject.is_file_kept) return null;
  return (
    <Button component="a" href={rejectedRowsHref(subject.id)} download size="xs" leftSection={<IconDownload size={15} stroke={1.75} />}>
      {t("rows.download")}
    </Button>
  );
}

function Rows({ rows, isStale, outcome }: { rows: ImportRow[]; isStale: boolean; outcome: Outcome }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  // A card that does not exist yet has nobody to name.
  const isKnown = rows.some((row) => row.label !== null || row.matched_by);
  const hasFindings = rows.some((row) => row.findings.length > 0);
  const columns: Column<ImportRow>[] = [
    { key: "row", header: t("rows.row"), width: 80, render: (row) => number(row.row_no) },
    ...(!isKnown ? [] : [{ key: "who", header: t("rows.who"), width: 220, render: (row: ImportRow) => <Who row={row} /> }]),
    ...(outcome === "rejected" || outcome === "unchanged" ? [] : [{ key: "what", header: t("rows.what"), render: (row: ImportRow) => <Changes row={row} /> }]),
    ...(hasFindings ? [{ key: "why", header: t("rows.why"), render: (row: ImportRow) => <Findings row={row} /> }] : []),
  ];
  return <DataTable label={t("rows.title")} columns={columns} rows={rows} rowKey={(row) => String(row.row_no)} isStale={isStale} minWidth={520} />;
}

export function Who({ row }: { row: ImportRow }) {
  const { t } = useTranslation("imports");
  return (
    <div className={classes.named}>
      {row.subject_id && row.label !== null ? (
        <Link to="/customers/$customerId" params={{ customerId: row.subject_id }}>
          {row.label || t("rows.card")}
        </Link>
      ) : (
        <span>{row.outcome === "created" ? t("rows.new_row") : "–"}</span>
      )}
      {row.matched_by && (
        <Text size="xs" c="dimmed">
          {t("rows.matched", { rule: t(`match.${row.matched_by}`).toLocaleLowerCase() })}
        </Text>
      )}
    </div>
  );
}

function Findings({ row }: { row: ImportRow }) {
  const words = useWords();
  return (
    <div className={classes.named}>
      {row.findings.map((finding, place) => (
        <Text key={place} size="sm" title={finding.message}>
          {finding.column && <b>{finding.column}: </b>}
          {words.finding(finding)}
        </Text>
      ))}
    </div>
  );
}

function Changes({ row }: { row: ImportRow }) {
  const { t } = useTranslation("imports");
  const words = useWords();
  if (row.changes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {row.outcome === "created" ? t("rows.new_card") : "–"}
      </Text>
    );
  }
  return (
    <dl className={classes.changes}>
      {row.changes.map((change) => (
        <div key={change.field}>
          <dt>{words.field(change.field)}</dt>
          <dd>
            <Change {...change} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Values come as the server stored them: a text, a day, a list of labels, or how many there are. */
function useValue() {
  const { t } = useTranslation("imports");
  const { day, list, number } = useFormats();
  return (value: unknown): string => {
    if (value === null || value === undefined || value === "") return t("rows.blank");
    if (Array.isArray(value)) return value.length > 0 ? list(value.map(String)) : t("rows.blank");
    if (typeof value === "number") return number(value);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? day(text) : text;
  };
}

function Change({ before, after }: ImportRow["changes"][number]) {
  const { t } = useTranslation("imports");
  const { number, list } = useFormats();
  const told = useValue();
  if (typeof before === "number" && typeof after === "number") {
    const gone = before > 0 && t("rows.removed", { count: before, formatted: number(before) });
    const come = after > 0 && t("rows.added", { count: after, formatted: number(after) });
    return <b>{list([gone, come].filter((each) => each !== false))}</b>;
  }
  return (
    <>
      <s>{told(before)}</s> → <b>{told(after)}</b>
    </>
  );
}
