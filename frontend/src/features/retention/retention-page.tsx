/** `/privacy/retention`: how long each kind of data stays, beside what the law takes as its measure; what goes tonight, what went (C-30, C-31). */
import { Button, Text } from "@mantine/core";
import { IconLock, IconMoonStars } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { Loaded } from "@/ui/faces";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import { Why } from "@/ui/why";
import { PeriodForm } from "./period-form";
import { periodsQuery, runsQuery, usePreview, type Period, type Preview, type Run } from "./queries";
import classes from "./retention.module.css";
import { usePeriodWords } from "./words";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function RetentionPage({ cursor, onCursor }: Props) {
  const { t } = useTranslation("retention");
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("title")} subtitle={t("subtitle")} />
      <div className={classes.stack}>
        <TonightPanel />
        <PeriodsPanel />
        <RunsPanel cursor={cursor} onCursor={onCursor} />
      </div>
    </>
  );
}

function TonightPanel() {
  const { t } = useTranslation("retention");
  const preview = usePreview();
  return (
    <Panel title={t("tonight.title")}>
      <PanelBody>
        <div className={classes.between}>
          <Text size="sm" c="dimmed">
            {t("tonight.help")}
          </Text>
          <Button variant="filled" leftSection={<IconMoonStars size={16} stroke={1.75} />} loading={preview.isPending} onClick={() => preview.mutate(undefined, { onError: tellProblem })}>
            {t("tonight.try")}
          </Button>
        </div>
        {preview.data && <Tonight preview={preview.data} />}
      </PanelBody>
    </Panel>
  );
}

function Tonight({ preview }: { preview: Preview }) {
  const { t } = useTranslation("retention");
  const { number, day } = useFormats();
  const going = preview.clocks.filter(({ count }) => count > 0);
  return (
    <div role="status" className={classes.tonight}>
      {going.length === 0 ? (
        <Text fw={550}>{t("tonight.nothing")}</Text>
      ) : (
        <dl className={classes.counts}>
          {going.map(({ clock, count, kept_since, oldest_on }) => (
            <div key={clock}>
              <dt>
                {t(`clock.${clock}`)}
                <Text span size="xs" c="dimmed">
                  {kept_since && ` ${t("tonight.before", { date: day(kept_since) })}`}
                  {oldest_on && `, ${t("tonight.oldest", { date: day(oldest_on) })}`}
                </Text>
              </dt>
              <dd>{number(count)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function PeriodsPanel() {
  const { t } = useTranslation("retention");
  const query = useQuery(periodsQuery);
  const [edited, setEdited] = useState<Period | null>(null);
  return (
    <Panel title={t("periods.title")}>
      <Loaded query={query}>{(periods) => periods.map((period) => <PeriodRow key={period.clock} period={period} onEdit={() => setEdited(period)} />)}</Loaded>
      {edited && <PeriodForm period={edited} onClose={() => setEdited(null)} />}
    </Panel>
  );
}

function PeriodRow({ period, onEdit }: { period: Period; onEdit: () => void }) {
  const { t, i18n } = useTranslation("retention");
  const { t: tc } = useTranslation();
  const { day } = useFormats();
  const words = usePeriodWords();
  const mayWrite = useMay("privacy:write");
  return (
    <PanelRow className={classes.row}>
      <div>
        <Text fw={600}>{t(`clock.${period.clock}`)}</Text>
        <Text size="sm" c="dimmed">
          {period.because[i18n.language] ?? period.because.it}
        </Text>
        {!period.is_default && (
          <Text size="xs" c="dimmed">
            {period.changed_at && t("periods.changed", { date: day(period.changed_at), who: period.approver })}
            {period.reason && ` · ${period.reason}`}
          </Text>
        )}
      </div>
      <div className={classes.value}>
        <b>{words(period)}</b>
        <Fact>{t(`benchmark.${period.clock}`)}</Fact>
      </div>
      <div className={classes.act}>
        {period.is_fixed ? (
          <Why
            label={t("periods.fixed")}
            explanation={{ sentence: t("periods.fixed_why"), facts: [{ label: period.because[i18n.language] ?? period.because.it }], code: "C-31" }}
          >
            <span className={classes.fixed}>
              <IconLock size={14} stroke={1.75} aria-hidden /> {t("periods.fixed")}
            </span>
          </Why>
        ) : (
          mayWrite && (
            <Button size="xs" onClick={onEdit} aria-label={`${tc("act.edit")}: ${t(`clock.${period.clock}`)}`}>
              {tc("act.edit")}
            </Button>
          )
        )}
      </div>
    </PanelRow>
  );
}

function RunsPanel({ cursor, onCursor }: Props) {
  const { t } = useTranslation("retention");
  const { day, number, moment } = useFormats();
  const query = useQuery(runsQuery(cursor));
  const columns: Column<Run>[] = [
    { key: "day", header: t("runs.night"), width: 130, render: (run) => day(run.day) },
    {
      key: "counts",
      header: t("runs.went"),
      render: (run) =>
        Object.entries(run.counts)
          .filter(([, count]) => count > 0)
          .map(([clock, count]) => `${t(`clock.${clock}`)} ${number(count)}`)
          .join(" · ") || t("runs.nothing"),
    },
    { key: "finished", header: t("runs.finished"), align: "right", width: 150, render: (run) => (run.finished_at ? moment(run.finished_at) : t("runs.running")) },
  ];
  return (
    <Panel title={t("runs.title")}>
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <DataTable label={t("runs.title")} columns={columns} rows={page.items} rowKey={(run) => run.id} isStale={query.isPlaceholderData} minWidth={460} />
              <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={onCursor} />
            </>
          ) : (
            <PanelBody>
              <Text size="sm" c="dimmed">
                {t("runs.empty")}
              </Text>
            </PanelBody>
          )
        }
      </Loaded>
    </Panel>
  );
}
