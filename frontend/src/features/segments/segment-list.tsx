/** `/segments`: where to start, and what was saved. */
import { SimpleGrid, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconFilter, IconPlus, IconShoppingBag } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable, Pager, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { type Preset, type Segment, presetsQuery, previewQuery, segmentsQuery } from "./queries";
import classes from "./segments.module.css";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function SegmentList({ cursor, onCursor }: Props) {
  const { t } = useTranslation(["segments", "common"]);
  const query = useQuery(segmentsQuery(cursor));
  return (
    <>
      <PageHeader
        documentTitle={t("common:places.segments")}
        title={t("list.title")}
        actions={
          <OnlyIf may="segments:write">
            <LinkButton variant="filled" leftSection={<IconPlus size={16} />} to="/segments/$id" params={{ id: "new" }}>
              {t("list.new")}
            </LinkButton>
          </OnlyIf>
        }
      />
      <div className={classes.stack}>
        <Panel title={t("list.saved")}>
          <Loaded query={query}>
            {(page) =>
              page.items.length ? (
                <>
                  <SavedSegments segments={page.items} isStale={query.isPlaceholderData} />
                  <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={onCursor} />
                </>
              ) : (
                <EmptyFace icon={<IconFilter size={28} stroke={1.5} />} title={t("list.empty")} detail={t("list.empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
        <Presets />
      </div>
    </>
  );
}

function SavedSegments({ segments, isStale }: { segments: Segment[]; isStale: boolean }) {
  const { t } = useTranslation("segments");
  const { number, relativeDay } = useFormats();
  const columns: Column<Segment>[] = [
    {
      key: "name",
      header: t("list.name"),
      render: (segment) => (
        <div className={classes.named}>
          <Link to="/segments/$id" params={{ id: segment.id }} className={rowLink}>
            {segment.name}
          </Link>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {segment.sentence}
          </Text>
        </div>
      ),
    },
    {
      key: "uses",
      header: "",
      isSecondary: true,
      render: (segment) =>
        segment.uses_purchases && <Fact icon={<IconShoppingBag size={13} stroke={1.75} />}>{t("list.uses_purchases")}</Fact>,
    },
    { key: "count", header: t("list.people"), align: "right", render: (segment) => (segment.last_count === null ? "–" : number(segment.last_count)) },
    { key: "updated", header: t("list.updated"), align: "right", isSecondary: true, render: (segment) => relativeDay(segment.updated_at) },
  ];
  return <DataTable label={t("list.saved")} columns={columns} rows={segments} rowKey={(segment) => segment.id} isStale={isStale} />;
}

function Presets() {
  const { t } = useTranslation("segments");
  const query = useQuery(presetsQuery);
  return (
    <section aria-labelledby="presets">
      <div className={classes.sectionHead}>
        <h2 id="presets">{t("list.presets")}</h2>
        <Text size="sm" c="dimmed">
          {t("list.presets_help")}
        </Text>
      </div>
      <Loaded query={query}>
        {(presets) => (
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="md">
            {presets.map((preset) => (
              <PresetCard key={preset.key} preset={preset} />
            ))}
          </SimpleGrid>
        )}
      </Loaded>
    </section>
  );
}

/** Each card counts for itself: one slow count holds up no other. */
function PresetCard({ preset }: { preset: Preset }) {
  const { t } = useTranslation("segments");
  const { number } = useFormats();
  const { data, isError } = useQuery(previewQuery(preset.tree));
  return (
    <Link to="/segments/$id" params={{ id: "new" }} search={{ preset: preset.key }} className={classes.preset}>
      <b>{preset.name}</b>
      <span>{preset.sentence}</span>
      <span className={classes.presetCount}>
        {data ? t("people.count", { count: data.count, formatted: number(data.count) }) : isError ? "–" : <Skeleton height={16} width={80} />}
      </span>
    </Link>
  );
}
