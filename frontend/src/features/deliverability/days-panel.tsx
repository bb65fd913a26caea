/** Thirty days of one stream: what was handed over, and below it what came back, on a scale of its own. */
import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable } from "@/ui/data-table";
import { DayBars } from "@/ui/day-bars";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import { type Part, StateBarLegend } from "@/ui/state-bar";
import classes from "./deliverability.module.css";
import { type Day, type Line, daysQuery } from "./queries";

export function DaysPanel({ line }: { line: Line }) {
  const { t } = useTranslation(["deliverability", "common"]);
  const query = useQuery(daysQuery(line));
  const [isList, setList] = useState(false);
  const isQuiet = query.data?.every((day) => day.sent + day.bounced + day.refused === 0);
  return (
    <Panel
      title={t("days.title")}
      more={
        isQuiet === false && (
          <Button size="xs" variant="subtle" onClick={() => setList(!isList)}>
            {t(isList ? "common:act.as_drawing" : "common:act.as_list")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {(days) => (isQuiet ? <PanelBody c="dimmed">{t("days.empty")}</PanelBody> : isList ? <DayList days={days} /> : <Drawing days={days} line={line} />)}
      </Loaded>
    </Panel>
  );
}

function Drawing({ days, line }: { days: Day[]; line: Line }) {
  const { t } = useTranslation("deliverability");
  const { number, day: dayWords } = useFormats();
  const total = (of: (day: Day) => number) => days.reduce((sum, day) => sum + of(day), 0);
  const back: { of: (day: Day) => number; label: string; tone: Part["tone"] }[] = [
    { of: (day) => day.bounced, label: t("days.bounced"), tone: "ochre" },
    { of: (day) => day.refused, label: t("days.refused"), tone: "plum" },
    ...(line.channel === "EMAIL" ? [{ of: (day: Day) => day.complained, label: t("days.complained"), tone: "denied" as const }] : []),
  ];
  const sentReading = t("days.reading", { count: total((day) => day.sent), formatted: number(total((day) => day.sent)) });
  const came = total((day) => back.reduce((sum, part) => sum + part.of(day), 0));
  const backReading = t("days.back_reading", { count: came, formatted: number(came) });
  const words = { dayWords, valueWords: number, isLastOpen: true };
  return (
    <PanelBody className={classes.days}>
      <Text size="sm">{sentReading}</Text>
      <DayBars
        {...words}
        days={days.map((day) => ({ on: day.day, values: [day.sent] }))}
        series={[{ label: t("days.sent"), tone: "ink" }]}
        reading={sentReading}
        height={110}
      />
      <Text size="sm" mt="sm">
        {backReading}
      </Text>
      <DayBars {...words} days={days.map((day) => ({ on: day.day, values: back.map((part) => part.of(day)) }))} series={back} reading={backReading} height={64} />
      <StateBarLegend parts={back} />
      <Text size="xs" c="dimmed">
        {t("days.open")}
      </Text>
    </PanelBody>
  );
}

function DayList({ days }: { days: Day[] }) {
  const { t } = useTranslation("deliverability");
  const { number, day: dayWords, percent } = useFormats();
  const figure = (key: "sent" | "bounced" | "refused" | "deferred" | "complained", isSecondary = false): Column<Day> => ({
    key,
    header: t(`days.${key}`),
    align: "right",
    isSecondary,
    render: (day) => number(day[key]),
  });
  return (
    <div className={classes.list}>
      <DataTable
        label={t("days.title")}
        rows={[...days].reverse()}
        rowKey={(day) => day.day}
        minWidth={480}
        columns={[
          { key: "day", header: t("days.day"), render: (day) => dayWords(day.day) },
          figure("sent"),
          figure("bounced"),
          figure("refused"),
          figure("deferred", true),
          figure("complained"),
          {
            key: "rate",
            header: t("days.complaint_rate"),
            align: "right",
            isSecondary: true,
            render: (day) => (day.complaint_rate === null ? "–" : percent(day.complaint_rate, 2)),
          },
        ]}
      />
    </div>
  );
}
