/** The two groups as assigned, by intention to treat, and in one grey line beneath what was merely attributed. */
import { Text } from "@mantine/core";
import { IconEye, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable } from "@/ui/data-table";
import { Panel } from "@/ui/panel";
import type { ArmResult, Results } from "./queries";
import classes from "./results.module.css";
import { isControl } from "./verdict-panel";

/** A figure the server keeps back, about fewer than ten people or before its time, is a dash. */
function told<T>(value: T | null, words: (value: T) => string): string {
  return value === null ? "–" : words(value);
}

export function ArmsPanel({ results }: { results: Results }) {
  const { t } = useTranslation("results");
  const { number, percent, money, moment } = useFormats();
  const { attributed } = results;
  const columns: Column<ArmResult>[] = [
    { key: "arm", header: t("arms.group"), render: (arm) => <b className={classes.arm}>{t(isControl(arm.arm) ? "arms.control" : "arms.treated")}</b> },
    { key: "people", header: t("arms.people"), align: "right", render: (arm) => number(arm.people) },
    {
      key: "delivered",
      header: t("arms.delivered"),
      align: "right",
      render: (arm) => (isControl(arm.arm) ? "–" : number(arm.delivered)),
    },
    { key: "visitors", header: t("arms.visitors"), align: "right", render: (arm) => told(arm.visitors, number) },
    { key: "rate", header: t("arms.rate"), align: "right", render: (arm) => told(arm.conversion_rate, percent) },
    {
      key: "interval",
      header: t("arms.interval"),
      align: "right",
      isSecondary: true,
      render: (arm) => told(arm.conversion_interval, ([low, high]) => `${percent(low)} – ${percent(high)}`),
    },
    { key: "revenue", header: t("arms.revenue"), align: "right", render: (arm) => told(arm.revenue, (amount) => money(amount, { whole: true })) },
    { key: "per_person", header: t("arms.per_person"), align: "right", render: (arm) => told(arm.revenue_per_person, (amount) => money(amount)) },
    { key: "unsubscribed", header: t("arms.unsubscribed"), align: "right", isSecondary: true, render: (arm) => told(arm.unsubscribed, number) },
  ];
  return (
    <Panel title={t("arms.title")} note={t("arms.help")} more={<Text className={classes.quiet}>{t("as_of", { when: moment(results.as_of) })}</Text>}>
      <DataTable label={t("arms.title")} columns={columns} rows={results.arms} rowKey={(arm) => arm.arm} />
      <div className={classes.attributed}>
        <IconInfoCircle size={16} stroke={1.75} style={{ flex: "none", marginTop: 2 }} aria-hidden />
        <span>
          <b>{t("attributed.lead", { rule: attributed.rule, revenue: money(attributed.revenue, { whole: true }) })}</b>{" "}
          {t("attributed.note")} {t("cost", { amount: money(results.cost) })}
        </span>
      </div>
      {results.measured && <MeasuredLine measured={results.measured} />}
    </Panel>
  );
}

/** Never a share of everybody: only of those who let us see it. */
function MeasuredLine({ measured }: { measured: NonNullable<Results["measured"]> }) {
  const { t } = useTranslation("results");
  const { number } = useFormats();
  const parts = [
    measured.opens_allowed > 0 && t("measured.opened", { people: told(measured.opened, number), allowed: number(measured.opens_allowed) }),
    measured.clicks_allowed > 0 && t("measured.clicked", { people: told(measured.clicked, number), allowed: number(measured.clicks_allowed) }),
  ].filter(Boolean);
  return (
    <div className={classes.attributed}>
      <IconEye size={16} stroke={1.75} style={{ flex: "none", marginTop: 2 }} aria-hidden />
      <span>
        <b>
          {t("measured.lead")} {parts.join(", ")}.
        </b>{" "}
        {t("measured.note")}
      </span>
    </div>
  );
}
