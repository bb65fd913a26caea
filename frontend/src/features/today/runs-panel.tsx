import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel } from "@/ui/panel";
import { StateBar, StateBarLegend, type Part } from "@/ui/state-bar";
import type { Run } from "./queries";
import classes from "./today.module.css";

/** What left by itself since yesterday: sent, skipped with a reason, kept as control. */
export function RunsPanel({ runs }: { runs: Run[] }) {
  const { t } = useTranslation("today");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const parts = (run: Run): Part[] => [
    { value: run.sent, label: t("run.sent"), tone: "ink" },
    { value: run.skipped, label: t("run.skipped"), tone: "rest" },
    { value: run.control, label: t("run.control"), tone: "sky" },
  ];
  const longest = Math.max(...runs.map((run) => run.sent + run.skipped + run.control), 1);
  return (
    <Panel title={t("runs")} more={<Link to="/messages">{tc("places.messages")}</Link>}>
      {runs.length === 0 && (
        <Text size="sm" c="dimmed" px="lg" pb="md">
          {t("no_runs")}
        </Text>
      )}
      {runs.map((run) => (
        <div key={run.touch_id} className={classes.run}>
          <span title={run.name}>{run.name}</span>
          <StateBar parts={parts(run)} of={longest} />
          <small>{[run.sent, run.skipped, run.control].map((value) => formats.number(value)).join(" · ")}</small>
        </div>
      ))}
      {runs.length > 0 && runs[0] && (
        <div className={classes.runLegend}>
          <StateBarLegend parts={parts(runs[0])} />
        </div>
      )}
    </Panel>
  );
}
