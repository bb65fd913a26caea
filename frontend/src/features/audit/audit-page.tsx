/** `/privacy/access`: who did and who read what, and whether the log is whole (S-16). */
import { Select, SegmentedControl, Text } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { IconEye, IconEyeSearch, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { boundsOf } from "@/lib/instants";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import classes from "./audit.module.css";
import { ProofPanel } from "./proof-panel";
import { areas, auditQuery, entryKinds, staffQuery, type AuditFilter, type Entry } from "./queries";

type Props = { filter: AuditFilter; onFilter: (filter: AuditFilter) => void };

export function AuditPage({ filter, onFilter }: Props) {
  const { t } = useTranslation("audit");
  const { timezone } = useFormats();
  const query = useQuery(auditQuery(filter, filter.from && boundsOf(filter.from, timezone).start, filter.to && boundsOf(filter.to, timezone).end));
  // One refusal is enough: what stands beside the list is refused for the same reason.
  const isRefused = query.error !== null && asProblem(query.error).status === 403;
  const isFiltered = Object.values(filter).some(Boolean);
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("title")} subtitle={t("subtitle")} />
      <div className={classes.stack}>
        {!isRefused && (
          <>
            <ProofPanel />
            <Filters filter={filter} onFilter={onFilter} />
          </>
        )}
        <Panel aria-label={t("document")}>
          <Loaded query={query}>
            {(page) =>
              page.items.length ? (
                <>
                  <Entries entries={page.items} isStale={query.isPlaceholderData} />
                  <Pager
                    nextCursor={page.next_cursor}
                    previousCursor={page.prev_cursor}
                    total={page.total}
                    totalIsCapped={page.total_is_capped}
                    onCursor={(cursor) => onFilter({ ...filter, cursor })}
                  />
                </>
              ) : (
                <EmptyFace icon={<IconEyeSearch size={28} stroke={1.5} />} title={t(isFiltered ? "empty_filter" : "empty")} />
              )
            }
          </Loaded>
        </Panel>
      </div>
    </>
  );
}

function Filters({ filter, onFilter }: Props) {
  const { t } = useTranslation("audit");
  const { today } = useFormats();
  const seesStaff = useMay("identity:read");
  const { data: staff = [] } = useQuery({ ...staffQuery, enabled: seesStaff });
  const set = (change: AuditFilter) => onFilter({ ...filter, ...change, cursor: undefined });
  return (
    <div className={classes.filters}>
      <SegmentedControl
        aria-label={t("filter.kind")}
        value={filter.kind ?? "all"}
        onChange={(kind) => set({ kind: entryKinds.find((each) => each === kind) })}
        data={["all", ...entryKinds].map((each) => ({ value: each, label: t(`filter.${each}`) }))}
      />
      <Select
        aria-label={t("filter.area")}
        placeholder={t("filter.area")}
        value={filter.area ?? null}
        onChange={(area) => set({ area: areas.find((each) => each === area) })}
        data={areas.map((each) => ({ value: each, label: t(`area.${each}`) }))}
        clearable
        w={160}
      />
      {seesStaff && (
        <Select
          aria-label={t("filter.who")}
          placeholder={t("filter.who")}
          value={filter.actor ?? null}
          onChange={(actor) => set({ actor: actor ?? undefined })}
          data={staff.map((each) => ({ value: each.id, label: each.name }))}
          clearable
          searchable
          w={180}
        />
      )}
      <DateInput aria-label={t("filter.from")} placeholder={t("filter.from")} value={filter.from ?? null} onChange={(day) => set({ from: day ?? undefined })} maxDate={filter.to ?? today()} valueFormat="D MMM YYYY" clearable w={140} />
      <DateInput aria-label={t("filter.to")} placeholder={t("filter.to")} value={filter.to ?? null} onChange={(day) => set({ to: day ?? undefined })} minDate={filter.from} maxDate={today()} valueFormat="D MMM YYYY" clearable w={140} />
    </div>
  );
}

function Entries({ entries, isStale }: { entries: Entry[]; isStale: boolean }) {
  const { t } = useTranslation("audit");
  const { moment, full } = useFormats();
  const columns: Column<Entry>[] = [
    {
      key: "what",
      header: t("column.what"),
      render: (row) => (
        <span className={classes.what}>
          {row.is_read ? <IconEye size={17} stroke={1.75} aria-hidden /> : <IconPencil size={17} stroke={1.75} aria-hidden />}
          <span>
            <ActionWords action={row.action} />
            <Text span size="xs" c="dimmed" className={classes.code}>
              {row.action}
            </Text>
          </span>
        </span>
      ),
    },
    { key: "who", header: t("column.who"), width: 180, render: (row) => row.actor_name },
    { key: "about", header: t("column.about"), width: 190, render: (row) => <Subject entry={row} /> },
    { key: "when", header: t("column.when"), align: "right", width: 140, render: (row) => <time dateTime={row.at} title={full(row.at)}>{moment(row.at)}</time> },
  ];
  return <DataTable label={t("document")} columns={columns} rows={entries} rowKey={(row) => row.id} isStale={isStale} minWidth={640} />;
}

/** `customer.read` as «Scheda: letta», from the two halves; a word we do not have keeps its own name. */
function ActionWords({ action }: { action: string }) {
  const { t } = useTranslation("audit");
  const [noun = "", verb = ""] = action.split(".");
  const plain = (word: string) => word.replaceAll("_", " ");
  return <>{t("action", { noun: t(`noun.${noun}`, { defaultValue: plain(noun) }), verb: t(`verb.${verb}`, { defaultValue: plain(verb) }) })}</>;
}

/** What the entry is about; a person is named by a link, never by name: the log holds none. */
function Subject({ entry }: { entry: Entry }) {
  const { t } = useTranslation("audit");
  const word = t(`subject.${entry.subject_type}`, { defaultValue: entry.subject_type.replaceAll("_", " ") });
  if (!entry.subject_id) return <>{word}</>;
  if (entry.subject_type === "customer") {
    return (
      <Link to="/customers/$customerId" params={{ customerId: entry.subject_id }}>
        {word}
      </Link>
    );
  }
  if (entry.subject_type === "privacy_request") {
    return (
      <Link to="/privacy/requests/$id" params={{ id: entry.subject_id }}>
        {word}
      </Link>
    );
  }
  return <span title={entry.subject_id}>{word}</span>;
}
