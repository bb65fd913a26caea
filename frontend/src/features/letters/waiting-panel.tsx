/** Letters in no batch yet, by campaign or recall: how many, since when, at what cost. */
import { Button, Text } from "@mantine/core";
import { IconMailbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel, PanelRow } from "@/ui/panel";
import classes from "./letters.module.css";
import type { Part } from "./prepare-modal";
import { type Waiting, waitingQuery, type WaitingRow } from "./queries";

/** Without the act for those who only read. */
export function WaitingPanel({ onPrepare }: { onPrepare?: (part: Part) => void }) {
  const { t } = useTranslation("letters");
  const query = useQuery(waitingQuery);
  return (
    <Panel title={t("waiting.title")}>
      <Loaded query={query}>{(waiting) => <Rows waiting={waiting} onPrepare={onPrepare} />}</Loaded>
    </Panel>
  );
}

function Rows({ waiting, onPrepare }: { waiting: Waiting; onPrepare?: (part: Part) => void }) {
  const { t } = useTranslation("letters");
  const { number, money } = useFormats();
  if (!waiting.items.length) {
    return (
      <EmptyFace
        icon={<IconMailbox size={28} stroke={1.5} />}
        title={t("waiting.none")}
        detail={waiting.held_count ? t("waiting.held", { count: waiting.held_count, formatted: number(waiting.held_count) }) : t("waiting.none_detail")}
      />
    );
  }
  const whole: Part = { name: t("waiting.all"), count: waiting.count, cost: waiting.cost, most: waiting.max_pieces, of: {} };
  return (
    <>
      {waiting.items.map((row) => (
        <Row key={row.touch_id ?? "single"} row={row} most={waiting.max_pieces} onPrepare={onPrepare} />
      ))}
      <div className={classes.foot}>
        <Text size="sm" c="dimmed">
          {t("waiting.sum", { count: waiting.count, formatted: number(waiting.count), cost: money(waiting.cost) })}
          {waiting.held_count > 0 && ` ${t("waiting.held", { count: waiting.held_count, formatted: number(waiting.held_count) })}`}
        </Text>
        {onPrepare && (
          <Button variant="filled" onClick={() => onPrepare(whole)}>
            {t("waiting.prepare_all")}
          </Button>
        )}
      </div>
    </>
  );
}

function Row({ row, most, onPrepare }: { row: WaitingRow; most: number; onPrepare?: (part: Part) => void }) {
  const { t } = useTranslation("letters");
  const { number, money, relativeDay } = useFormats();
  const name = row.touch_name ?? t("waiting.single");
  const of = row.touch_id ? { touch_id: row.touch_id } : { only_single: true };
  return (
    <PanelRow className={classes.waiting}>
      <div>
        <b>{name}</b>
        <Text size="xs" c="dimmed">
          {t("waiting.row", { count: row.count, formatted: number(row.count), cost: money(row.cost), when: relativeDay(row.oldest_at) })}
        </Text>
      </div>
      {onPrepare && (
        <Button size="xs" aria-label={t("waiting.prepare_one", { name })} onClick={() => onPrepare({ name, count: row.count, cost: row.cost, most, of })}>
          {t("waiting.prepare")}
        </Button>
      )}
    </PanelRow>
  );
}
