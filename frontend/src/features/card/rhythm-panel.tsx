/** One lane per category: dots are visits, the band is the expected return, the line is today; or the same as a list. */
import { Group, Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { daysBetween, useFormats } from "@/lib/formats";
import { Panel } from "@/ui/panel";
import { useRhythmSentence } from "@/ui/rhythm-strip";
import classes from "./card.module.css";
import type { Card, Lane } from "./queries";

const laneHeight = 36;
const left = 118;
const right = 656;
const colours = ["var(--chart-ink)", "var(--chart-teal)", "var(--chart-ochre)", "var(--chart-plum)"];
const monthsDrawn = 12;

type Drawn = Pick<Lane, "name" | "visits" | "likely_from" | "likely_to">;

export function RhythmPanel({ card, onPurchases }: { card: Card; onPurchases: () => void }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const [asList, setAsList] = useState(false);
  const whole: Drawn = {
    name: t("whole_shop_short"),
    visits: card.visits,
    likely_from: card.score?.likely_from ?? null,
    likely_to: card.score?.likely_to ?? null,
  };
  const lanes: Drawn[] = card.score?.due_category_name ? card.top_categories : [whole, ...card.top_categories.slice(0, 3)];
  if (card.visits.length === 0 && card.top_categories.length === 0) return null;
  return (
    <Panel
      title={t("rhythm")}
      note={t("rhythm_note")}
      more={
        <Group gap="md" className="no-print">
          <UnstyledButton className={classes.link} onClick={() => setAsList(!asList)}>
            {tc(asList ? "act.as_drawing" : "act.as_list")}
          </UnstyledButton>
          <UnstyledButton className={classes.link} onClick={onPurchases}>
            {t("purchases")}
          </UnstyledButton>
        </Group>
      }
    >
      {asList ? <LaneTable lanes={lanes} /> : <Lanes lanes={lanes} />}
    </Panel>
  );
}

function Lanes({ lanes }: { lanes: Drawn[] }) {
  const formats = useFormats();
  const { t } = useTranslation("card");
  const describe = useRhythmSentence();
  const today = formats.today();
  const start = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`;
  const ends = lanes.map((lane) => lane.likely_to ?? today).concat(today);
  const latest = ends.sort().at(-1) ?? today;
  const cap = daysBetween(today, latest) > 70 ? 70 : Math.max(daysBetween(today, latest) + 10, 24);
  const span = daysBetween(start, today) + cap;
  const x = (day: string) => left + (Math.min(Math.max(daysBetween(start, day), 0), span) / span) * (right - left);
  const bottom = 12 + lanes.length * laneHeight;
  const nowX = x(today);
  return (
    <div className={classes.lanes}>
      <svg viewBox={`0 0 672 ${bottom + 26}`} width="100%" role="img" aria-label={lanes.map((lane) => `${lane.name}: ${describe({ visits: lane.visits, likelyFrom: lane.likely_from, likelyTo: lane.likely_to })}`).join(" ")}>
        {lanes.map((lane, index) => {
          const y = 12 + laneHeight * index + laneHeight / 2;
          const visits = lane.visits.filter((day) => day >= start);
          const radius = visits.length > 60 ? 2.5 : visits.length > 30 ? 3.2 : 4.5;
          return (
            <g key={lane.name}>
              <text x={0} y={y + 4} className={classes.laneName}>
                <title>{lane.name}</title>
                {lane.name.length > 17 ? `${lane.name.slice(0, 16)}…` : lane.name}
              </text>
              <line x1={left - 6} x2={right} y1={y} y2={y} stroke="var(--line)" />
              {lane.likely_from && lane.likely_to && lane.likely_to >= start && (
                <rect x={x(lane.likely_from)} width={Math.max(x(lane.likely_to) - x(lane.likely_from), 4)} y={y - 10} height={20} rx={5} fill="var(--band)" />
              )}
              {visits.map((day) => (
                <circle key={day} cx={x(day)} cy={y} r={radius} fill={colours[index % colours.length]} fillOpacity={0.9}>
                  <title>{formats.longDay(day)}</title>
                </circle>
              ))}
            </g>
          );
        })}
        <line x1={nowX} x2={nowX} y1={6} y2={bottom + 4} stroke="var(--mantine-color-text)" strokeWidth={1.5} />
        <text x={nowX} y={bottom + 18} textAnchor="middle" className={classes.axisNow}>
          {t("today")}
        </text>
        {monthTicks(start, today).map((day, index) => (
          <text key={day} x={x(day)} y={bottom + 18} textAnchor="middle" className={classes.axis}>
            {index === 0 ? `${formats.month(day)} ${day.slice(0, 4)}` : formats.month(day)}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** The first of every third month, away from today's own label. */
function monthTicks(start: string, today: string): string[] {
  const [year = 0, month = 1] = start.split("-").map(Number);
  return Array.from({ length: monthsDrawn / 3 }, (_, step) => {
    const index = month + step * 3;
    return `${year + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`;
  }).filter((day) => day > start && daysBetween(day, today) > 25);
}

function LaneTable({ lanes }: { lanes: Drawn[] }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("lane.name")}</Table.Th>
          <Table.Th ta="right">{t("lane.visits")}</Table.Th>
          <Table.Th ta="right">{t("last_visit")}</Table.Th>
          <Table.Th ta="right">{t("expected")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lanes.map((lane) => (
          <Table.Tr key={lane.name}>
            <Table.Td>
              <Text size="sm">{lane.name}</Text>
            </Table.Td>
            <Table.Td ta="right">{formats.number(lane.visits.length)}</Table.Td>
            <Table.Td ta="right">{lane.visits.length > 0 ? formats.day(lane.visits.at(-1) ?? "") : "–"}</Table.Td>
            <Table.Td ta="right">
              {lane.likely_from && lane.likely_to ? t("range", { from: formats.day(lane.likely_from), to: formats.day(lane.likely_to) }) : "–"}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
