import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace } from "@/ui/faces";
import classes from "./activity.module.css";
import type { Job } from "./queries";

export function JobList({ jobs }: { jobs: Job[] }) {
  const { t } = useTranslation("activity");
  const formats = useFormats();
  if (jobs.length === 0) return <EmptyFace title={t("no_jobs")} />;
  return (
    <ul className={classes.list}>
      {jobs.map((job) => (
        <li key={job.id} className={classes.item}>
          <div className={classes.line}>
            <b>{job.label}</b>
            <Text span size="xs" c={job.state === "failed" ? "var(--denied)" : "dimmed"}>
              {t(`state.${job.state}`)}
            </Text>
          </div>
          {job.state === "running" && (
            <Progress size="sm" value={job.total ? (job.done / job.total) * 100 : 100} animated={!job.total} aria-label={job.label} />
          )}
          <Text size="xs" c="dimmed">
            {job.total
              ? t("done_of", { done: formats.number(job.done), total: formats.number(job.total) })
              : job.done > 0
                ? formats.number(job.done)
                : ""}
            {" · "}
            {formats.moment(job.finished_at ?? job.started_at)}
          </Text>
          {job.failure && (
            <Text size="sm" c="var(--denied)">
              {job.failure}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}
