/** Every batch, newest first: what was in it, how far it is, what came back. */
import { Progress, Text } from "@mantine/core";
import { IconBan, IconHandStop, IconHourglass, IconMailForward, IconPrinter, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable, Pager, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel } from "@/ui/panel";
import { ToneBadge, type Tone } from "@/ui/tone-badge";
import classes from "./letters.module.css";
import { type Batch, batchesQuery, isInTheMaking } from "./queries";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function BatchList({ cursor, onCursor }: Props) {
  const { t } = useTranslation("letters");
  const query = useQuery(batchesQuery(cursor));
  return (
    <Panel title={t("batches.title")} mt="md">
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <Batches batches={page.items} isStale={query.isPlaceholderData} />
              <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} totalIsCapped={page.total_is_capped} onCursor={onCursor} />
            </>
          ) : (
            <EmptyFace icon={<IconPrinter size={28} stroke={1.5} />} title={t("batches.none")} detail={t("batches.none_detail")} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Batches({ batches, isStale }: { batches: Batch[]; isStale: boolean }) {
  const { t } = useTranslation("letters");
  const { number, money, moment } = useFormats();
  const name = useBatchName();
  const columns: Column<Batch>[] = [
    {
      key: "what",
      header: t("batches.what"),
      render: (batch) => (
        <div className={classes.cell}>
          <Link to="/letters/$batchId" params={{ batchId: batch.id }} className={rowLink}>
            <b>{name(batch)}</b>
          </Link>
          <Text size="xs" c="dimmed">
            {t("batches.made", { when: moment(batch.created_at), who: batch.created_by })}
          </Text>
        </div>
      ),
    },
    { key: "state", header: t("batches.state"), width: 170, render: (batch) => <BatchState batch={batch} /> },
    { key: "count", header: t("batches.count"), align: "right", width: 90, render: (batch) => number(batch.live_count) },
    {
      key: "returned",
      header: t("batches.returned"),
      align: "right",
      width: 90,
      isSecondary: true,
      render: (batch) => (batch.state === "posted" ? number(batch.returned_count) : "–"),
    },
    { key: "cost", header: t("batches.cost"), align: "right", width: 110, render: (batch) => money(batch.cost) },
  ];
  return <DataTable label={t("batches.title")} columns={columns} rows={batches} rowKey={(batch) => batch.id} isStale={isStale} minWidth={620} />;
}

/** What a batch is called: the campaign or recall it was made of, or that it took all there was. */
export function useBatchName() {
  const { t } = useTranslation("letters");
  return (batch: Batch) => {
    if (batch.touch_name) return batch.touch_name;
    if (batch.message_id) return t("batches.one");
    return t(batch.only_single ? "batches.single" : "batches.all");
  };
}

const looks: Record<Batch["state"], [Tone, Icon]> = {
  preparing: ["wait", IconHourglass],
  prepared: ["doubt", IconPrinter],
  posted: ["good", IconMailForward],
  cancelled: ["quiet", IconBan],
};

export function BatchState({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  if (batch.failure) return <ToneBadge tone="bad" icon={IconHandStop} word={t("state.failed")} />;
  const [tone, icon] = looks[batch.state];
  const word = batch.state === "cancelled" && batch.pieces_count === 0 ? t("state.empty") : t(`state.${batch.state}`);
  return (
    <div>
      <ToneBadge tone={tone} icon={icon} word={word} />
      {isInTheMaking(batch) && <Progress size="xs" mt={4} value={(batch.progress ?? 0) * 100} animated aria-label={t("state.preparing")} />}
    </div>
  );
}
