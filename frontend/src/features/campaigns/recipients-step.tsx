/** One row for every planned person, whatever the outcome, with its reason; the states sum to the total. */
import { Button, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasonChoices } from "@/lib/reasons";
import { type Column, DataTable, Pager, aboveRowLink, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { MessageStatus } from "@/ui/message-status";
import { Panel } from "@/ui/panel";
import { StateFilter } from "@/ui/state-filter";
import { type Campaign, type Recipient, type RecipientFilter, recipientCountsQuery, recipientsQuery } from "./queries";

type Props = { campaign: Campaign; filter: RecipientFilter; onFilter: (filter: RecipientFilter) => void };

export function RecipientsStep({ campaign, filter, onFilter }: Props) {
  const { t } = useTranslation(["campaigns", "messages"]);
  const { number } = useFormats();
  const query = useQuery(recipientsQuery(campaign, filter));
  const counts = useQuery(recipientCountsQuery(campaign)).data?.by_status;
  const reasons = useReasonChoices();
  const total = campaign.progress?.total ?? 0;
  const set = (change: RecipientFilter) => onFilter({ ...filter, cursor: undefined, ...change });
  const isFiltered = filter.status !== undefined || filter.reason !== undefined;
  return (
    <Panel
      title={t("recipients.title", { count: total, formatted: number(total) })}
      more={
        <Select
          w={300}
          maw="100%"
          aria-label={t("messages:filter.reason")}
          placeholder={t("messages:filter.all_reasons")}
          clearable
          searchable
          value={filter.reason ?? null}
          onChange={(reason) => set({ reason: reason ?? undefined })}
          data={reasons}
        />
      }
    >
      <StateFilter counts={counts} chosen={filter.status} onChoose={(status) => set({ status })} />
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <Recipients campaign={campaign} recipients={page.items} filter={filter} isStale={query.isPlaceholderData} />
              <Pager
                nextCursor={page.next_cursor}
                previousCursor={page.prev_cursor}
                total={page.total}
                totalIsCapped={page.total_is_capped}
                onCursor={(cursor) => onFilter({ ...filter, cursor })}
              />
            </>
          ) : (
            <EmptyFace
              icon={<IconUsers size={28} stroke={1.5} />}
              title={t(isFiltered ? "recipients.empty_filtered" : "recipients.empty")}
              action={isFiltered && <Button onClick={() => onFilter({})}>{t("messages:filter.clear")}</Button>}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

type ListProps = { campaign: Campaign; recipients: Recipient[]; filter: RecipientFilter; isStale: boolean };

function Recipients({ campaign, recipients, filter: { cursor, ...filter }, isStale }: ListProps) {
  const { t } = useTranslation("campaigns");
  const { moment, full } = useFormats();
  const columns: Column<Recipient>[] = [
    {
      key: "person",
      header: t("recipients.person"),
      render: (recipient) => (
        <Link
          to="/campaigns/$id"
          params={{ id: campaign.id }}
          search={{ step: "recipients", ...filter, after: cursor, message: recipient.id }}
          resetScroll={false}
          className={rowLink}
        >
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
