/** `/messages`: one row for every planned person, sent or not, and why. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconInbox, IconMailOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { type Column, DataTable, rowLink } from "@/ui/data-table";
import { EmptyFace } from "@/ui/faces";
import { MessageStatus } from "@/ui/message-status";
import { PageHeader } from "@/ui/page-header";
import { Paged } from "@/ui/paged";
import { Panel } from "@/ui/panel";
import { MessageDrawer } from "./message-drawer";
import { MessageFilters } from "./message-filters";
import classes from "./messages.module.css";
import { type MessageFilter, type MessageRow, messagesQuery } from "./queries";

type Props = {
  filter: MessageFilter;
  onFilter: (filter: MessageFilter) => void;
  opened?: string;
  onClose: () => void;
  /** «Esporta», which belongs to another feature. */
  exporting?: ReactNode;
};

export function MessageList({ filter, onFilter, opened, onClose, exporting }: Props) {
  const { t } = useTranslation(["messages", "common"]);
  const { captures_messages: isCaptured } = useMe();
  const query = useQuery(messagesQuery(filter));
  const isFiltered = Object.entries(filter).some(([key, value]) => key !== "cursor" && value);
  return (
    <>
      <PageHeader documentTitle={t("common:places.messages")} title={t("title")} actions={exporting} />
      {isCaptured && (
        <div className={classes.demo} role="note">
          <IconMailOff size={18} stroke={1.75} aria-hidden />
          {t("demo")}
        </div>
      )}
      <Panel aria-label={t("common:places.messages")}>
        <MessageFilters filter={filter} onFilter={onFilter} />
        <Paged
          query={query}
          onCursor={(cursor) => onFilter({ ...filter, cursor })}
          empty={
            <EmptyFace
              icon={<IconInbox size={28} stroke={1.5} />}
              title={t(isFiltered ? "empty_filtered" : "empty")}
              detail={isFiltered ? undefined : t("empty_detail")}
            />
          }
        >
          {(rows) => <Messages messages={rows} filter={filter} isStale={query.isPlaceholderData} />}
        </Paged>
      </Panel>
      <MessageDrawer id={opened} onClose={onClose} />
    </>
  );
}

type ListProps = { messages: MessageRow[]; filter: MessageFilter; isStale: boolean };

function Messages({ messages, filter: { cursor, ...filter }, isStale }: ListProps) {
  const { t } = useTranslation("messages");
  const { moment, full } = useFormats();
  const columns: Column<MessageRow>[] = [
    {
      key: "when",
      header: t("column.when"),
      width: 130,
      render: (message) => {
        const at = message.sent_at ?? message.planned_at;
        return <span title={full(at)}>{moment(at)}</span>;
      },
    },
    {
      key: "person",
      header: t("column.person"),
      render: (message) => (
        <div className={classes.person}>
          <Link to="/messages" search={{ ...filter, after: cursor, message: message.id }} className={rowLink}>
            {message.customer_name}
          </Link>
        </div>
      ),
    },
    {
      key: "message",
      header: t("column.message"),
      render: (message) => (
        <span className={classes.what}>
          <ChannelIcon channel={message.channel} />
          <span>
            {message.touch_name ?? t("one_off")}
            <Text size="xs" c="dimmed">
              {message.subject || message.template_name}
            </Text>
          </span>
        </span>
      ),
    },
    { key: "status", header: t("column.status"), width: 180, render: (message) => <MessageStatus status={message.status} /> },
    {
      key: "reason",
      header: t("column.reason"),
      isSecondary: true,
      render: (message) => (
        <Text size="sm" c="dimmed">
          {message.reason_sentence ?? ""}
        </Text>
      ),
    },
  ];
  return <DataTable label={t("title")} columns={columns} rows={messages} rowKey={(message) => message.id} isStale={isStale} />;
}
