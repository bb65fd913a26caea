/** Pairs that may be one person, surest first (UX §4.12). */
import { Button, Progress, SegmentedControl, Text } from "@mantine/core";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager, rowLink, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded, SkeletonRows } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import { Certainty } from "./certainty";
import classes from "./duplicates.module.css";
import { pairStates, queueOptions, useSearch, type Pair, type PairState } from "./queries";
import { usePairWords } from "./values";

type Props = {
  state: PairState;
  cursor: string | undefined;
  onSearch: (change: { state?: PairState; cursor?: string }) => void;
};

export function QueuePage({ state, cursor, onSearch }: Props) {
  const { t } = useTranslation("duplicates");
  const page = useQuery(queueOptions(state, cursor));
  const first = useQuery(queueOptions("open")).data;
  const search = useSearch();
  const mayDecide = useMay("duplicates:write");
  const surest = first?.items[0];
  const canCompare = mayDecide && state === "open" && surest !== undefined;
  const start = mayDecide && (
    <Button
      leftSection={<IconSearch size={16} stroke={1.75} />}
      loading={search.start.isPending || search.isRunning}
      onClick={() => search.start.mutate(undefined, { onError: tellProblem })}
    >
      {t("search.now")}
    </Button>
  );
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={first?.total == null ? t("title") : t("title_count", { count: first.total })}
        subtitle={t("subtitle")}
        actions={
          <>
            {start}
            {canCompare && (
              <Button
                variant="filled"
                renderRoot={(props) => <Link to="/customers/duplicates/$pairId" params={{ pairId: surest.id }} {...props} />}
              >
                {t("compare_first")}
              </Button>
            )}
          </>
        }
      />
      <SearchProgress search={search} />
      <SegmentedControl
        mb="lg"
        className="no-print"
        aria-label={t("state_label")}
        value={state}
        onChange={(next) => onSearch({ state: next as PairState, cursor: undefined })}
        data={pairStates.map((each) => ({ value: each, label: t(`state.${each}`) }))}
      />
      <Panel>
        <Loaded query={page} skeleton={<SkeletonRows rows={8} height={56} />}>
          {(answer) =>
            answer.items.length === 0 ? (
              <EmptyFace
                icon={<IconUsers size={28} stroke={1.5} />}
                title={t(`empty.${state}`)}
                detail={state === "open" ? t("empty.detail") : undefined}
              />
            ) : (
              <>
                <Pairs pairs={answer.items} state={state} isStale={page.isPlaceholderData} />
                <Pager
                  nextCursor={answer.next_cursor}
                  previousCursor={answer.prev_cursor}
                  total={answer.total}
                  totalIsCapped={answer.total_is_capped}
                  onCursor={(next) => onSearch({ cursor: next })}
                />
              </>
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function SearchProgress({ search: { job, isRunning } }: { search: ReturnType<typeof useSearch> }) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  if (job?.state === "failed") {
    return (
      <Text size="sm" c="var(--denied)" mb="md" role="alert">
        {t("search.failed")} {job.failure}
      </Text>
    );
  }
  if (!job || !isRunning) {
    return job?.finished_at ? (
      <Text size="xs" c="dimmed" mb="md">
        {t("search.last", { when: formats.moment(job.finished_at) })}
      </Text>
    ) : null;
  }
  return (
    <div className={classes.progress} role="status">
      <Text size="sm" fw={550}>
        {job.total ? t("search.running_of", { done: formats.number(job.done), total: formats.number(job.total) }) : t("search.running")}
      </Text>
      <Progress size="sm" value={job.total ? (job.done / job.total) * 100 : 100} animated={!job.total} aria-label={t("search.running")} />
    </div>
  );
}

function Pairs({ pairs, state, isStale }: { pairs: Pair[]; state: PairState; isStale: boolean }) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  const words = usePairWords();
  const columns: Column<Pair>[] = [
    {
      key: "names",
      header: t("column.names"),
      render: (pair) => (
        <Link to="/customers/duplicates/$pairId" params={{ pairId: pair.id }} className={rowLink}>
          {words("names", pair.low, pair.high)}
        </Link>
      ),
    },
    { key: "certainty", header: t("column.certainty"), width: 120, render: (pair) => <Certainty certainty={pair.certainty} /> },
    {
      key: "shared",
      header: t("column.shared"),
      render: (pair) => (
        <Text size="sm" c="dimmed">
          {pair.agreeing.map((field) => t(`shared.${field}`)).join(" · ")}
        </Text>
      ),
    },
    {
      key: "visits",
      header: t("column.visits"),
      align: "right",
      isSecondary: true,
      render: (pair) => t("visits_of_both", { one: formats.number(pair.low.visits), other: formats.number(pair.high.visits) }),
    },
  ];
  const decided: Column<Pair> = {
    key: "decided",
    header: t("column.decided"),
    align: "right",
    render: (pair) => (
      <Text size="sm" c="dimmed">
        {pair.decided_at ? t("decided", { who: pair.decided_by ?? "–", when: formats.relativeDay(pair.decided_at) }) : "–"}
      </Text>
    ),
  };
  return (
    <DataTable
      label={t("title")}
      columns={state === "open" ? columns : [...columns.slice(0, 3), decided]}
      rows={pairs}
      rowKey={(pair) => pair.id}
      isStale={isStale}
      minWidth={640}
    />
  );
}
