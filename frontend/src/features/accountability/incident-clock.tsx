/** The hours left to tell the authority, or the controller when we only process (C-32). */
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ClockRing, type ClockTone } from "@/ui/clock-ring";
import { ToneBadge } from "@/ui/tone-badge";
import { IconCircleCheck } from "@tabler/icons-react";
import classes from "./accountability.module.css";
import type { Incident } from "./queries";

const hourMs = 3_600_000;
const soonHours = 24;

export function IncidentClock({ incident, size = 20 }: { incident: Incident; size?: number }) {
  const { t } = useTranslation("accountability");
  const { moment } = useFormats();
  if (incident.closed_at) return <ToneBadge tone="quiet" icon={IconCircleCheck} word={t("incident.closed", { when: moment(incident.closed_at) })} />;
  if (!incident.is_waiting) return <ToneBadge tone="good" icon={IconCircleCheck} word={t(incident.notified_at ? "incident.notified" : "incident.not_notifying")} />;
  const due = Date.parse(incident.due_at);
  const left = Math.floor((due - Date.now()) / hourMs);
  const tone: ClockTone = incident.is_overdue ? "denied" : left < soonHours ? "deferred" : "ink";
  return (
    <span className={classes.clock} data-tone={tone}>
      <ClockRing share={(due - Date.now()) / (due - Date.parse(incident.became_aware_at))} tone={tone} size={size} />
      <span title={moment(incident.due_at)}>
        <b>{incident.is_overdue ? t("incident.late", { count: -left - 1 }) : t("incident.hours", { count: left })}</b>
      </span>
    </span>
  );
}
