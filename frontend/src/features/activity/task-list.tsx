/** «Serve una persona»: stays until somebody says it is done. */
import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconFileAlert, IconHelpCircle, IconPlayerPause, IconShieldLock, IconShieldX, type Icon } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats, type Formats } from "@/lib/formats";
import { EmptyFace } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { tellProblem } from "@/ui/toast";
import classes from "./activity.module.css";
import { useCompleteTask, type Task } from "./queries";

const looks: Record<string, { icon: Icon; colour: string }> = {
  message_in_doubt: { icon: IconHelpCircle, colour: "var(--review)" },
  stream_held: { icon: IconPlayerPause, colour: "var(--denied)" },
  service_restricted: { icon: IconAlertTriangle, colour: "var(--denied)" },
  contact_outdated: { icon: IconAlertTriangle, colour: "var(--deferred)" },
  import_rejected: { icon: IconFileAlert, colour: "var(--deferred)" },
  job_failed: { icon: IconFileAlert, colour: "var(--denied)" },
  privacy_request_due: { icon: IconShieldLock, colour: "var(--deferred)" },
  incident_due: { icon: IconShieldX, colour: "var(--denied)" },
  "audit.broken": { icon: IconShieldX, colour: "var(--denied)" },
  "consents.broken": { icon: IconShieldX, colour: "var(--denied)" },
};

/** Where a task is done, from what it is about. */
export function placeOf(task: Task) {
  const id = task.subject_id;
  if (task.kind === "message_in_doubt") {
    return linkOptions({ to: "/messages", search: { status: "unknown", message: String(task.details.message_id) } });
  }
  if (task.subject_type === "proof_run") return linkOptions({ to: "/privacy/access" });
  if (task.subject_type === "stream_hold" || task.subject_type === "deliverability") return linkOptions({ to: "/deliverability" });
  if (task.subject_type === "retention") return linkOptions({ to: "/privacy/retention" });
  if (!id) return null;
  switch (task.subject_type) {
    case "privacy_request":
      return linkOptions({ to: "/privacy/requests/$id", params: { id } });
    case "incident":
      return linkOptions({ to: "/privacy/incidents/$id", params: { id } });
    case "customer":
      return linkOptions({ to: "/customers/$customerId", params: { customerId: id } });
    case "import":
      return linkOptions({ to: "/customers/imports/$id", params: { id } });
    case "campaign":
      return linkOptions({ to: "/campaigns/$id", params: { id } });
    case "recall":
      return linkOptions({ to: "/recalls/$id", params: { id } });
    case "template":
      return linkOptions({ to: "/templates/$id", params: { id } });
    case "inbound_text":
      return linkOptions({ to: "/inbound", search: { by: "texts", open: id } });
    case "inbound_mail":
      // One task stands for all mail that waits.
      return linkOptions({ to: "/inbound" });
    case "touch":
      return linkOptions({ to: "/messages", search: { touch: id } });
    default:
      return null;
  }
}

/** Days and moments among the details as people read them. */
function inWords(details: Task["details"], { day, moment }: Formats): Task["details"] {
  const said = (value: unknown) => {
    if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(value)) return value;
    return value.length === 10 ? day(value) : moment(value);
  };
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, said(value)]));
}

export function TaskList({ tasks, onFollow }: { tasks: Task[]; onFollow?: () => void }) {
  const { t } = useTranslation("activity");
  const formats = useFormats();
  const complete = useCompleteTask();
  if (tasks.length === 0) return <EmptyFace title={t("no_tasks")} detail={t("no_tasks_detail")} />;
  return (
    <ul className={classes.list}>
      {tasks.map((task) => {
        const { icon: Drawn, colour } = looks[task.kind] ?? { icon: IconAlertTriangle, colour: "var(--deferred)" };
        const place = placeOf(task);
        const details = inWords(task.details, formats);
        return (
          <li key={task.id} className={classes.task}>
            <Drawn size={19} stroke={1.75} color={colour} aria-hidden />
            <div>
              <Text size="sm" fw={600}>
                {t(`task.${task.kind}.title`, { ...details, defaultValue: t("task.other.title") })}
              </Text>
              <Text size="xs" c="dimmed">
                {t(`task.${task.kind}.detail`, { ...details, defaultValue: task.kind })} · {formats.relativeDay(task.created_at)}
              </Text>
            </div>
            {place ? (
              <LinkButton size="xs" variant="subtle" {...place} onClick={onFollow}>
                {t("open")}
              </LinkButton>
            ) : (
              <Button size="xs" variant="subtle" loading={complete.isPending && complete.variables === task.id} onClick={() => complete.mutate(task.id, { onError: tellProblem })}>
                {t("done")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
