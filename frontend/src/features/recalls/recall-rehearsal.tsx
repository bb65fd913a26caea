/** The time machine: what this recall would have done on a day or over a past period, without writing anything. */
import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { ProblemFace, SkeletonRows } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { PermissionBadge } from "@/ui/permission-badge";
import { StateBar } from "@/ui/state-bar";
import { type Period, type Rehearsal, useRehearseRecall } from "./queries";
import classes from "./recalls.module.css";

/** The day that many days before another, both as "YYYY-MM-DD". */
export function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - count * 86_400_000).toISOString().slice(0, 10);
}

export function RecallRehearsal({ id }: { id: string }) {
  const { t } = useTranslation("recalls");
  const rehearse = useRehearseRecall(id);
  return (
    <div className={classes.stack}>
      <Panel title={t("rehearsal.title")} note={t("rehearsal.help")}>
        <PanelBody>
          <PeriodForm isBusy={rehearse.isPending} onRun={(period) => rehearse.mutate(period)} />
        </PanelBody>
      </Panel>
      {rehearse.isPending && (
        <Panel title={t("rehearsal.running")} aria-busy>
          <SkeletonRows rows={4} />
        </Panel>
      )}
      {rehearse.error && !rehearse.isPending && (
        <Panel>
          <ProblemFace error={rehearse.error} onRetry={() => rehearse.mutate(rehearse.variables)} />
        </Panel>
      )}
      {rehearse.data && !rehearse.isPending && <Rehearsed rehearsal={rehearse.data} />}
    </div>
  );
}

function PeriodForm({ isBusy, onRun }: { isBusy: boolean; onRun: (period: Period) => void }) {
  const { t } = useTranslation("recalls");
  const { today } = useFormats();
  const [isDay, setDay] = useState(false);
  const [until, setUntil] = useState<string | null>(today());
  const [from, setFrom] = useState<string | null>(daysBefore(today(), 90));
  const dates = { valueFormat: "D MMM YYYY", w: 160, allowDeselect: false } as const;
  const isReady = isDay ? until !== null : from !== null && until !== null && from <= until;
  return (
    <Group align="flex-end" gap="md">
      <SegmentedControl
        size="sm"
        value={isDay ? "day" : "period"}
        onChange={(value) => setDay(value === "day")}
        data={[
          { value: "period", label: t("rehearsal.period") },
          { value: "day", label: t("rehearsal.on") },
        ]}
      />
      {!isDay && <DateInput label={t("rehearsal.from")} value={from} onChange={setFrom} maxDate={until ?? undefined} {...dates} />}
      <DateInput label={t(isDay ? "rehearsal.day" : "rehearsal.until")} value={until} onChange={setUntil} {...dates} />
      <Button
        variant="filled"
        loading={isBusy}
        disabled={!isReady}
        onClick={() => until && onRun(isDay ? { on: until } : { from: from ?? until, until })}
      >
        {t("rehearsal.run")}
      </Button>
    </Group>
  );
}

const parts = [
  { key: "will_receive", tone: "ink" },
  { key: "control", tone: "sky" },
  { key: "deferred", tone: "deferred" },
  { key: "denied", tone: "rest" },
] as const;

function Rehearsed({ rehearsal }: { rehearsal: Rehearsal }) {
  const { t } = useTranslation("recalls");
  const { number, money } = useFormats();
  const reasons = useReasons();
  // The control group is a part of its own, not a refusal.
  const refused = rehearsal.by_reason.filter(({ reason }) => reason !== "HOLDOUT");
  const values = { count: rehearsal.will_receive, formatted: number(rehearsal.will_receive) };
  return (
    <div className={classes.pair}>
      <div className={classes.stack}>
        <Panel>
          <PanelBody pt="lg">
            <p className={classes.lead} role="status">
              {t(rehearsal.will_receive ? "rehearsal.reading" : "rehearsal.nobody", values)}
            </p>
            <StateBar height={22} parts={parts.map(({ key, tone }) => ({ value: rehearsal[key], tone, label: t(`rehearsal.${key}`) }))} />
            <div className={classes.figures}>
              {[...parts.map(({ key }) => key), "held_back" as const].map((key) => (
                <div key={key} className={classes.figure}>
                  <b>{number(rehearsal[key])}</b>
                  <span>{t(`rehearsal.${key}`)}</span>
                </div>
              ))}
              <div className={classes.figure}>
                <b>{money(rehearsal.cost)}</b>
                <span>{t("rehearsal.cost")}</span>
              </div>
            </div>
          </PanelBody>
        </Panel>
        {rehearsal.weeks.length > 1 && <Weeks weeks={rehearsal.weeks} />}
      </div>
      {refused.length > 0 && (
        <Panel title={t("rehearsal.why_not")}>
          {refused.map((reason) => (
            <PanelRow key={`${reason.reason}-${reason.family}`} className={classes.reason}>
              <div>
                <PermissionBadge family={reason.family} />
                <Text size="sm" mt={3}>
                  {reasons.sentence(reason.reason)}
                </Text>
              </div>
              <Text fw={650}>{number(reason.count)}</Text>
            </PanelRow>
          ))}
        </Panel>
      )}
    </div>
  );
}

function Weeks({ weeks }: { weeks: Rehearsal["weeks"] }) {
  const { t } = useTranslation("recalls");
  const { day, number } = useFormats();
  const most = Math.max(1, ...weeks.map((week) => week.messages));
  return (
    <Panel title={t("rehearsal.by_week")} note={t("rehearsal.most", { formatted: number(most) })}>
      <PanelBody>
        <div className={classes.weeks} role="img" aria-label={weeks.map((week) => `${day(week.week_on)}: ${week.messages}`).join(", ")}>
          {weeks.map((week) => (
            <span
              key={week.week_on}
              title={`${t("rehearsal.week_of", { date: day(week.week_on) })}: ${number(week.messages)}`}
              style={{ height: `${Math.max(week.messages ? 2 : 0, (week.messages / most) * 100)}%` }}
            />
          ))}
        </div>
        <div className={classes.weeksAxis}>
          <span>{day(weeks[0]?.week_on ?? "")}</span>
          <span>{day(weeks.at(-1)?.week_on ?? "")}</span>
        </div>
      </PanelBody>
    </Panel>
  );
}
