/** Running work and what waits for a person: the most advanced job in the header, the rest in two drawers. */
import { Drawer, Indicator, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBell, IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import classes from "./activity.module.css";
import { JobList } from "./job-list";
import { useJobName } from "./job-name";
import { jobsOptions, tasksOptions, type Job } from "./queries";
import { TaskList } from "./task-list";

const share = (job: Job) => (job.total ? Math.min(job.done / job.total, 1) : 0);

export function Activity() {
  const { t } = useTranslation("activity");
  const formats = useFormats();
  const nameOf = useJobName();
  const jobs = useQuery(jobsOptions);
  const tasks = useQuery(tasksOptions);
  const [jobsOpen, jobsDrawer] = useDisclosure(false);
  const [tasksOpen, tasksDrawer] = useDisclosure(false);
  const running = (jobs.data?.items ?? []).filter((job) => job.state === "running").sort((a, b) => share(b) - share(a))[0];
  const open = tasks.data?.items.length ?? 0;
  return (
    <div className={classes.activity}>
      {running && (
        <UnstyledButton className={classes.job} onClick={jobsDrawer.open}>
          <IconSend size={16} stroke={1.75} aria-hidden />
          <span className={classes.label}>{nameOf(running)}</span>
          <span className={classes.bar} aria-hidden>
            <i style={{ width: `${share(running) * 100}%` }} />
          </span>
          {formats.percent(share(running), 0)}
        </UnstyledButton>
      )}
      <Indicator label={open} size={16} disabled={open === 0} offset={4} color="ink.7">
        <UnstyledButton className={classes.bell} onClick={tasksDrawer.open} aria-label={t("bell", { count: open })}>
          <IconBell size={19} stroke={1.75} />
        </UnstyledButton>
      </Indicator>
      <Drawer opened={jobsOpen} onClose={jobsDrawer.close} title={t("jobs")}>
        <Loaded query={jobs}>{(page) => <JobList jobs={page.items} onFollow={jobsDrawer.close} />}</Loaded>
      </Drawer>
      <Drawer opened={tasksOpen} onClose={tasksDrawer.close} title={t("tasks")}>
        <Loaded query={tasks}>{(page) => <TaskList tasks={page.items} onFollow={tasksDrawer.close} />}</Loaded>
        <UnstyledButton
          className={classes.more}
          onClick={() => {
            tasksDrawer.close();
            jobsDrawer.open();
          }}
        >
          {t("see_jobs")}
        </UnstyledButton>
      </Drawer>
    </div>
  );
}
