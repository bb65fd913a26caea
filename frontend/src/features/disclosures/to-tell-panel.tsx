import { Button, Text } from "@mantine/core";
import { IconCircleCheck, IconMail } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import { toTellQuery, useSettle, type ToTell } from "./queries";

/** Withdrawals, erasures and corrections that somebody who was given the data must hear of (art. 19). */
export function ToTellPanel({ cursor, onCursor }: { cursor?: string; onCursor: (cursor: string | undefined) => void }) {
  const { t } = useTranslation("disclosures");
  const { moment } = useFormats();
  const query = useQuery(toTellQuery(undefined, cursor));
  const columns: Column<ToTell>[] = [
    { key: "what", header: t("tell.what"), render: (row) => <b style={{ fontWeight: 600 }}>{t(`cause.${row.cause}`)}</b> },
    {
      key: "whom",
      header: t("tell.whom"),
      render: (row) => (
        <>
          {row.recipient_name}
          <Text size="xs" c="dimmed">
            {row.privacy_contact}
          </Text>
        </>
      ),
    },
    {
      key: "who",
      header: t("tell.about"),
      width: 130,
      render: (row) =>
        row.cause === "ERASED" ? (
          "–"
        ) : (
          <Link to="/customers/$customerId" params={{ customerId: row.customer_id }}>
            {t("tell.card")}
          </Link>
        ),
    },
    { key: "since", header: t("tell.since"), width: 130, isSecondary: true, render: (row) => moment(row.created_at) },
    { key: "state", header: "", align: "right", width: 210, render: (row) => <Settle row={row} /> },
  ];
  return (
    <Panel title={t("tell.title")} note={t("tell.note")}>
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <DataTable label={t("tell.title")} columns={columns} rows={page.items} rowKey={(row) => row.id} isStale={query.isPlaceholderData} minWidth={620} />
              <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} onCursor={onCursor} />
            </>
          ) : (
            <PanelBody>
              <Text size="sm" c="dimmed">
                {t("tell.empty")}
              </Text>
            </PanelBody>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Settle({ row }: { row: ToTell }) {
  const { t } = useTranslation("disclosures");
  const { moment } = useFormats();
  const mayWrite = useMay("privacy:write");
  const settle = useSettle();
  if (row.state !== "pending") {
    return <ToneBadge tone="good" icon={row.state === "sent" ? IconMail : IconCircleCheck} word={`${t(`tell.state.${row.state}`)}${row.settled_at ? `, ${moment(row.settled_at)}` : ""}`} />;
  }
  if (!mayWrite) return <ToneBadge tone="wait" word={t("tell.state.pending")} />;
  return (
    <Button size="xs" loading={settle.isPending} onClick={() => settle.mutate(row.id, { onSuccess: () => tell(t("tell.done")), onError: tellProblem })}>
      {t("tell.settle")}
    </Button>
  );
}
