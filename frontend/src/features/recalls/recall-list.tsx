/** `/recalls`: each standing reason, whether it runs, for how many and when. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconCake, IconCalendarRepeat, IconCircleCheck, IconCircleDashed, IconPlus, IconRepeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { type Column, DataTable, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { StateBar } from "@/ui/state-bar";
import { ToneBadge } from "@/ui/tone-badge";
import { type Recall, type Run, recallsQuery } from "./queries";
import classes from "./recalls.module.css";

export function RecallList() {
  const { t } = useTranslation(["recalls", "common"]);
  const query = useQuery(recallsQuery);
  return (
    <>
      <PageHeader
        documentTitle={t("common:places.recalls")}
        title={t("list.title")}
        actions={
          <OnlyIf may="recalls:write">
            <LinkButton variant="filled" leftSection={<IconPlus size={16} />} to="/recalls/$id" params={{ id: "new" }}>
              {t("list.new")}
            </LinkButton>
          </OnlyIf>
        }
      />
      <Panel aria-label={t("common:places.recalls")}>
        <Loaded query={query}>
          {(page) =>
            page.items.length ? (
              <Recalls recalls={page.items} />
            ) : (
              <EmptyFace icon={<IconCalendarRepeat size={28} stroke={1.5} />} title={t("list.empty")} detail={t("list.empty_detail")} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

export function RecallState({ isActive }: { isActive: boolean }) {
  const { t } = useTranslation("recalls");
  return <ToneBadge tone={isActive ? "good" : "quiet"} icon={isActive ? IconCircleCheck : IconCircleDashed} word={t(isActive ? "list.active" : "list.off")} />;
}

export const kindIcons = { rhythm: IconRepeat, birthday: IconCake };

function Recalls({ recalls }: { recalls: Recall[] }) {
  const { t } = useTranslation(["recalls", "common"]);
  const { number, relativeDay } = useFormats();
  const columns: Column<Recall>[] = [
    {
      key: "name",
      header: t("list.name"),
      render: (recall) => {
        const Drawn = kindIcons[recall.kind];
        return (
          <div className={classes.named}>
            <Link to="/recalls/$id" params={{ id: recall.id }} className={rowLink}>
              {recall.name}
            </Link>
            <Text size="xs" c="dimmed" style={{ display: "flex", alignItems: "center", gap: 6 }}>
              <Drawn size={14} stroke={1.75} aria-hidden /> {t(`kind.${recall.kind}`)}
              {recall.category_name && ` · ${recall.category_name}`}
              <ChannelIcon channel={recall.channel} size={14} /> {t(`common:channel.${recall.channel}`)}
            </Text>
          </div>
        );
      },
    },
    { key: "state", header: t("list.state"), width: 120, render: (recall) => <RecallState isActive={recall.is_active} /> },
    {
      key: "due",
      header: t("list.due"),
      width: 210,
      render: (recall) =>
        t(recall.is_active ? "list.next" : "list.would", {
          when: relativeDay(recall.next_run_on),
          people: t("list.people", { count: recall.due_count, formatted: number(recall.due_count) }),
        }),
    },
    { key: "last", header: t("list.last_run"), width: 240, isSecondary: true, render: (recall) => <LastRun run={recall.last_run} /> },
  ];
  return <DataTable label={t("list.title")} columns={columns} rows={recalls} rowKey={(recall) => recall.id} />;
}

function LastRun({ run }: { run: Run | null }) {
  const { t } = useTranslation("recalls");
  const { number, relativeDay } = useFormats();
  if (!run) {
    return (
      <Text size="sm" c="dimmed">
        {t("list.never")}
      </Text>
    );
  }
  return (
    <div>
      <RunBar run={run} />
      <Text size="xs" c="dimmed" mt={3}>
        {relativeDay(run.on)}: {t("list.last", { sent: number(run.sent), skipped: number(run.skipped), control: number(run.control) })}
      </Text>
    </div>
  );
}

export function RunBar({ run }: { run: Run }) {
  const { t } = useTranslation("recalls");
  return (
    <StateBar
      height={8}
      parts={[
        { value: run.sent, label: t("runs.sent"), tone: "ink" },
        { value: run.waiting, label: t("runs.waiting"), tone: "teal" },
        { value: run.skipped, label: t("runs.skipped"), tone: "rest" },
        { value: run.control, label: t("runs.control"), tone: "sky" },
      ]}
    />
  );
}
