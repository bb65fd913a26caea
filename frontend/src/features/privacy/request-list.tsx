/** `/privacy/requests`: who waits for an answer, and until when; the latest in red, first. */
import { Button, SegmentedControl, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconInbox, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { aboveRowLink, DataTable, Pager, rowLink, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { DueClock } from "./clock";
import { KindIcon } from "./kind-icon";
import classes from "./privacy.module.css";
import { kinds, requestsQuery, shows, summaryQuery, type PrivacyRequest, type RequestFilter, type RequestKind, type RequestRow, type Show } from "./queries";
import { RegisterModal } from "./register-form";
import { RequestState } from "./request-state";
import { useWho } from "./words";

type Props = { filter: RequestFilter; onFilter: (change: RequestFilter) => void; onReceived: (received: PrivacyRequest) => void };

export function RequestList({ filter, onFilter, onReceived }: Props) {
  const { t } = useTranslation("privacy");
  const mayReceive = useMay("privacy:receive");
  const [isOpen, { open, close }] = useDisclosure(false);
  const show = filter.show ?? "open";
  const query = useQuery(requestsQuery(filter));
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={<Title />}
        subtitle={<Standing />}
        actions={
          mayReceive && (
            <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={open}>
              {t("form.title")}
            </Button>
          )
        }
      />
      <div className={classes.filters}>
        <SegmentedControl
          aria-label={t("show.label")}
          value={show}
          onChange={(chosen) => onFilter({ show: chosen as Show, kind: filter.kind })}
          data={shows.map((each) => ({ value: each, label: t(`show.${each}`) }))}
        />
        <Select
          aria-label={t("column.what")}
          placeholder={t("any_kind")}
          value={filter.kind ?? null}
          onChange={(kind) => onFilter({ show: filter.show, kind: (kind as RequestKind | null) ?? undefined })}
          data={kinds.map((each) => ({ value: each, label: t(`kind.${each}`) }))}
          clearable
          w={170}
        />
      </div>
      <Panel aria-label={t("document")}>
        <Loaded query={query}>
          {(page) =>
            page.items.length ? (
              <>
                <Requests requests={page.items} isStale={query.isPlaceholderData} isClosed={show === "closed"} />
                <Pager
                  nextCursor={page.next_cursor}
                  previousCursor={page.prev_cursor}
                  total={page.total}
                  totalIsCapped={page.total_is_capped}
                  onCursor={(cursor) => onFilter({ ...filter, cursor })}
                />
              </>
            ) : (
              <EmptyFace icon={<IconInbox size={28} stroke={1.5} />} title={t(`empty.${show}`)} detail={show === "open" ? t("empty.open_detail") : undefined} />
            )
          }
        </Loaded>
      </Panel>
      {isOpen && (
        <RegisterModal
          onClose={close}
          onReceived={(received) => {
            close();
            onReceived(received);
          }}
        />
      )}
    </>
  );
}

function Title() {
  const { t } = useTranslation("privacy");
  const { data } = useQuery(summaryQuery);
  if (!data) return <>{t("document")}</>;
  return <>{data.open ? t("title", { count: data.open }) : t("title_none")}</>;
}

function Standing() {
  const { t } = useTranslation("privacy");
  const { relativeDay } = useFormats();
  const { data } = useQuery(summaryQuery);
  if (!data?.open) return null;
  return (
    <>
      {data.overdue > 0 && <b className={classes.late}>{t("overdue", { count: data.overdue })}</b>}{" "}
      {data.due_soon > 0 && t("due_soon", { count: data.due_soon })}
      {data.overdue === 0 && data.due_soon === 0 && t("all_in_time")}{" "}
      {data.next_due_on && data.overdue === 0 && t("next_due", { when: relativeDay(data.next_due_on) })}
    </>
  );
}

function Requests({ requests, isStale, isClosed }: { requests: RequestRow[]; isStale: boolean; isClosed: boolean }) {
  const { t } = useTranslation("privacy");
  const { day, relativeDay } = useFormats();
  const who = useWho();
  const columns: Column<RequestRow>[] = [
    {
      key: "what",
      header: t("column.what"),
      width: 168,
      render: (row) => (
        <span className={classes.what}>
          <KindIcon kind={row.kind} />
          <Link to="/privacy/requests/$id" params={{ id: row.id }} className={rowLink}>
            {t(`kind.${row.kind}`)}
          </Link>
        </span>
      ),
    },
    { key: "who", header: t("column.who"), render: (row) => <span className={classes.name}>{who(row)}</span> },
  ];
  const received: Column<RequestRow> = {
    key: "received",
    header: t("column.received"),
    width: 170,
    render: (row) => (
      <>
        {relativeDay(row.received_on)}
        <Text size="xs" c="dimmed">
          {t(`channel.${row.channel}`)}
        </Text>
      </>
    ),
  };
  const ofOpen: Column<RequestRow>[] = [
    {
      key: "due",
      header: t("column.due"),
      width: 215,
      render: (row) =>
        row.clock && (
          <span className={aboveRowLink}>
            <DueClock clock={row.clock} receivedOn={row.received_on} />
          </span>
        ),
    },
    received,
    { key: "next", header: t("column.next"), isSecondary: true, render: (row) => <NextStep row={row} /> },
  ];
  const ofClosed: Column<RequestRow>[] = [
    received,
    { key: "outcome", header: t("column.outcome"), width: 180, render: (row) => <RequestState request={row} /> },
    { key: "closed", header: t("column.closed"), align: "right", width: 110, render: (row) => row.closed_at && day(row.closed_at) },
  ];
  return (
    <DataTable
      label={t("document")}
      columns={[...columns, ...(isClosed ? ofClosed : ofOpen)]}
      rows={requests}
      rowKey={(row) => row.id}
      isStale={isStale}
      minWidth={620}
    />
  );
}

function NextStep({ row }: { row: RequestRow }) {
  const { t } = useTranslation("privacy");
  if (row.clock?.is_paused) return <>{t("next.paused")}</>;
  if (row.state === "identity_pending") return <>{t("next.identity_pending")}</>;
  return <>{row.identified_at ? t(`next.${row.kind}`) : t("next.identity")}</>;
}
