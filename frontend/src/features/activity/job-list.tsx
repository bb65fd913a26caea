import { Progress, Text } from "@mantine/core";
import { Link, linkOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace } from "@/ui/faces";
import classes from "./activity.module.css";
import { useJobName } from "./job-name";
import type { Job } from "./queries";

/** Where the work of a job can be watched and its outcome read. */
function placeOf(job: Job) {
  if (!job.subject_id) return null;
  if (["import", "import_rehearsal", "import_undo"].includes(job.kind)) return linkOptions({ to: "/customers/imports/$id", params: { id: job.subject_id } });
  if (job.kind === "letters") return linkOptions({ to: "/letters/$batchId", params: { batchId: job.subject_id } });
  return job.kind === "export" ? linkOptions({ to: "/customers/exports" }) : null;
}

export function JobList({ jobs, onFollow }: { jobs: Job[]; onFollow?: () => void }) {
  const { t } = useTranslation("activity");
  const formats = useFormats();
  const nameOf = useJobName();
  if (jobs.length === 0) return <EmptyFace title={t("no_jobs")} />;
  return (
    <ul className={classes.list}>
      {jobs.map((job) => (
        <li key={job.id} className={classes.item}>
          <div className={classes.line}>
            <Name job={job} name={nameOf(job)} onFollow={onFollow} />
            <Text span size="xs" c={job.state === "failed" ? "var(--denied)" : "dimmed"}>
              {t(`state.${job.state}`)}
            </Text>
          </div>
          {job.state === "running" && (
            <Progress size="sm" value={job.total ? (job.done / job.total) * 100 : 100} animated={!job.total} aria-label={nameOf(job)} />
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

function Name({ job, name, onFollow }: { job: Job; name: string; onFollow?: () => void }) {
  const place = placeOf(job);
  if (!place) return <b>{name}</b>;
  return (
    <Link {...place} onClick={onFollow}>
      <b>{name}</b>
    </Link>
  );
}
