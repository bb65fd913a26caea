/** One row for every planned person, whatever the outcome, with its reason. */
import { Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable, Pager, aboveRowLink, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { MessageStatus } from "@/ui/message-status";
import { Panel } from "@/ui/panel";
import { type Campaign, type Recipient, type RecipientFilter, recipientsQuery } from "./queries";

const statuses = ["sent", "delivered", "queued", "skipped", "control", "deferred", "bounced", "failed", "unknown", "cancelled"];

type Props = { campaign: Campaign; filter: RecipientFilter; onFilter: (filter: RecipientFilter) => void };

export function RecipientsStep({ campaign, filter, onFilter }: Props) {
  const { t } = useTranslation(["campaigns", "messages"]);
  const { number } = useFormats();
  const query = useQuery(recipientsQuery(campaign.id, filter));
  const total = campaign.progress?.total ?? 0;
  return (
    <Panel
      title={t("recipients.title", { count: total, formatted: number(total) })}
      more={
        <Select
          w={190}
          aria-label={t("recipients.filter")}
          placeholder={t("recipients.all")}
          clearable
          value={filter.status ?? null}
          onChange={(status) => onFilter({ status: (status as RecipientFilter["status"]) ?? undefined })}
          data={statuses.map((status) => ({ value: status, label: t(`messages:status.${status}`) }))}
        />
      }
    >
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <Recipients recipients={page.items} touchId={campaign.touch_id} isStale={query.isPlaceholderData} />
              <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={(cursor) => onFilter({ ...filter, cursor })} />
            </>
          ) : (
            <EmptyFace icon={<IconUsers size={28} stroke={1.5} />} title={t("recipients.empty")} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Recipients({ recipients, touchId, isStale }: { recipients: Recipient[]; touchId: string | null; isStale: boolean }) {
  const { t } = useTranslation("campaigns");
  const { moment, full } = useFormats();
  const columns: Column<Recipient>[] = [
    {
      key: "person",
      header: t("recipients.person"),
      render: (recipient) => (
        <Link to="/messages" search={{ touch: touchId ?? undefined, message: recipient.id }} className={rowLink}>
          {recipient.customer_name}
        </Link>
      ),
    },
    { key: "status", header: t("recipients.status"), width: 190, render: (recipient) => <MessageStatus status={recipient.status} /> },
    {
      key: "reason",
      header: t("recipients.reason"),
      render: (recipient) => (
        <Text size="sm" c="dimmed">
          {recipient.reason_sentence ?? ""}
        </Text>
      ),
    },
    {
      key: "when",
      header: t("recipients.when"),
      align: "right",
      isSecondary: true,
      render: (recipient) => {
        const at = recipient.sent_at ?? recipient.planned_at;
        return (
          <span className={aboveRowLink} title={full(at)}>
            {moment(at)}
          </span>
        );
      },
    },
  ];
  return <DataTable label={t("step.recipients")} columns={columns} rows={recipients} rowKey={(recipient) => recipient.id} isStale={isStale} />;
}
