import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconMailCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable, rowLink } from "@/ui/data-table";
import { EmptyFace } from "@/ui/faces";
import { Paged } from "@/ui/paged";
import classes from "./inbound.module.css";
import { MailKindBadge, serverSaid } from "./kinds";
import { type InboundFilter, type MailRow, mailsQuery } from "./queries";

type Props = { filter: InboundFilter; onFilter: (filter: InboundFilter) => void };

/** One row for every mail that came back, newest first. */
export function MailList({ filter, onFilter }: Props) {
  const { t } = useTranslation("inbound");
  const query = useQuery(mailsQuery(filter));
  return (
    <Paged
      query={query}
      onCursor={(cursor) => onFilter({ ...filter, cursor })}
      empty={
        <EmptyFace
          icon={<IconMailCheck size={28} stroke={1.5} />}
          title={t(filter.kind ? "empty.filtered" : filter.show === "all" ? "empty.all" : "empty.waiting")}
          detail={t(filter.show === "all" ? "empty.all_detail" : "empty.waiting_detail")}
        />
      }
    >
      {(rows) => <Mails mails={rows} filter={filter} isStale={query.isPlaceholderData} />}
    </Paged>
  );
}

function Mails({ mails, filter: { cursor, ...filter }, isStale }: { mails: MailRow[]; filter: InboundFilter; isStale: boolean }) {
  const { t } = useTranslation("inbound");
  const { moment, full } = useFormats();
  const columns: Column<MailRow>[] = [
    { key: "when", header: t("column.when"), width: 130, render: (mail) => <span title={full(mail.received_at)}>{moment(mail.received_at)}</span> },
    {
      key: "kind",
      header: t("column.kind"),
      width: 190,
      render: (mail) => (
        <Link to="/inbound" search={{ ...filter, after: cursor, open: mail.id }} resetScroll={false} className={rowLink}>
          <MailKindBadge kind={mail.kind} />
        </Link>
      ),
    },
    { key: "who", header: t("column.who"), render: (mail) => <span className={classes.who}>{mail.customer_name ?? mail.sender ?? t("nobody")}</span> },
    {
      key: "what",
      header: t("column.what"),
      render: (mail) => (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {mail.subject ?? serverSaid(mail)}
        </Text>
      ),
    },
    {
      key: "state",
      header: t("column.state"),
      width: 170,
      isSecondary: true,
      render: (mail) => <State mail={mail} />,
    },
  ];
  return <DataTable label={t("document")} columns={columns} rows={mails} rowKey={(mail) => mail.id} isStale={isStale} minWidth={600} />;
}

function State({ mail }: { mail: MailRow }) {
  const { t } = useTranslation("inbound");
  if (mail.is_open) return <b className={classes.waits}>{t("state.waits")}</b>;
  return (
    <Text size="sm" c="dimmed">
      {mail.handled_as ? t(`handled_as.${mail.handled_as}`) : t("state.by_itself")}
    </Text>
  );
}
