/** `/campaigns`: every campaign with its live progress on its row. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPlus, IconSpeakerphone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable, Pager, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { StateOfCampaign } from "./campaign-state";
import classes from "./campaigns.module.css";
import { ProgressBar } from "./progress-bar";
import { type Campaign, campaignsQuery } from "./queries";
import { handedOver } from "./steps";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function CampaignList({ cursor, onCursor }: Props) {
  const { t } = useTranslation(["campaigns", "common"]);
  const query = useQuery(campaignsQuery(cursor));
  return (
    <>
      <PageHeader
        documentTitle={t("common:places.campaigns")}
        title={t("list.title")}
        actions={
          <OnlyIf may="campaigns:write">
            <LinkButton variant="filled" leftSection={<IconPlus size={16} />} to="/campaigns/new">
              {t("list.new")}
            </LinkButton>
          </OnlyIf>
        }
      />
      <Panel aria-label={t("common:places.campaigns")}>
        <Loaded query={query}>
          {(page) =>
            page.items.length ? (
              <>
                <Campaigns campaigns={page.items} isStale={query.isPlaceholderData} />
                <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} totalIsCapped={page.total_is_capped} onCursor={onCursor} />
              </>
            ) : (
              <EmptyFace icon={<IconSpeakerphone size={28} stroke={1.5} />} title={t("list.empty")} detail={t("list.empty_detail")} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function Campaigns({ campaigns, isStale }: { campaigns: Campaign[]; isStale: boolean }) {
  const { t } = useTranslation("campaigns");
  const { relativeDay } = useFormats();
  const columns: Column<Campaign>[] = [
    {
      key: "name",
      header: t("list.name"),
      render: (campaign) => (
        <div className={classes.named}>
          <Link to="/campaigns/$id" params={{ id: campaign.id }} className={rowLink}>
            {campaign.name}
          </Link>
          <Text size="xs" c="dimmed">
            {campaign.template_name ?? "–"}
          </Text>
        </div>
      ),
    },
    { key: "state", header: "", width: 130, render: (campaign) => <StateOfCampaign state={campaign.state} /> },
    { key: "audience", header: t("list.audience"), isSecondary: true, render: (campaign) => campaign.segment_name ?? "–" },
    { key: "progress", header: t("list.progress"), width: 240, render: (campaign) => <RowProgress campaign={campaign} /> },
    { key: "updated", header: t("list.updated"), align: "right", isSecondary: true, render: (campaign) => relativeDay(campaign.updated_at) },
  ];
  return <DataTable label={t("list.name")} columns={columns} rows={campaigns} rowKey={(campaign) => campaign.id} isStale={isStale} />;
}

function RowProgress({ campaign: { progress } }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { number } = useFormats();
  if (!progress) {
    return (
      <Text size="sm" c="dimmed">
        {t("list.not_started")}
      </Text>
    );
  }
  const { done, of } = handedOver(progress);
  return (
    <div>
      <ProgressBar progress={progress} height={8} />
      <Text size="xs" c="dimmed" mt={3}>
        {t("list.sent_of", { sent: number(done), planned: number(of) })}
      </Text>
    </div>
  );
}
