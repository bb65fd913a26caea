/** One row of the register as it stands, with how it stood before; changed, ended, never removed. */
import { Button, Drawer, Text } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import classes from "./accountability.module.css";
import { ActivityForm } from "./activity-form";
import { parts } from "./parts";
import { useEndActivity, versionsQuery, type Activity } from "./queries";
import { useTold } from "./words";

type Asked = "edit" | "end";

export function ActivityDrawer({ activity, onClose }: { activity: Activity; onClose: () => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { day } = useFormats();
  const told = useTold();
  const mayWrite = useMay("privacy:write");
  const [asked, setAsked] = useState<Asked | null>(null);
  const named = (codes: string[], words: string) => codes.map((code) => tc(`${words}.${code}`, { defaultValue: code })).join(", ");
  return (
    <Drawer opened onClose={onClose} title={told(activity.name)} size={520} closeButtonProps={{ "aria-label": tc("act.close") }}>
      <dl className={classes.told}>
        <Told label={t("part.purpose")}>{activity.purpose && named([activity.purpose], "purpose")}</Told>
        {activity.channels.length > 0 && <Told label={t("part.channels")}>{named(activity.channels, "channel")}</Told>}
        {activity.legal_bases.length > 0 && <Told label={t("part.legal_bases")}>{activity.legal_bases.map((basis) => t(`basis.${basis}`, { defaultValue: basis })).join(", ")}</Told>}
        {parts.map((part) => (
          <Told key={part} label={t(`part.${part}`)} isMissing={!activity[part].it.trim() || !activity[part].en.trim()}>
            {told(activity[part])}
          </Told>
        ))}
        <Told label={t("part.processors")}>{activity.processors.join(", ")}</Told>
        <Told label={t("part.since")}>{day(activity.since) + (activity.ended_on ? ` – ${day(activity.ended_on)}` : "")}</Told>
      </dl>
      {mayWrite && !activity.ended_on && (
        <div className={classes.onward} style={{ marginTop: 16 }}>
          <Button onClick={() => setAsked("end")}>{t("register.end")}</Button>
          <Button variant="filled" onClick={() => setAsked("edit")}>
            {tc("act.edit")}
          </Button>
        </div>
      )}
      <Text fw={650} mt="xl" mb="sm">
        {t("register.history")}
      </Text>
      <Versions id={activity.id} />
      {asked === "edit" && <ActivityForm activity={activity} onClose={() => setAsked(null)} />}
      {asked === "end" && <EndForm activity={activity} onClose={() => setAsked(null)} />}
    </Drawer>
  );
}

function Told({ label, isMissing, children }: { label: string; isMissing?: boolean; children: React.ReactNode }) {
  const { t } = useTranslation("accountability");
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {children || (isMissing ? null : "–")}
        {isMissing && <span className={classes.missing}> {t("register.missing")}</span>}
      </dd>
    </div>
  );
}

function Versions({ id }: { id: string }) {
  const { t } = useTranslation("accountability");
  const { moment } = useFormats();
  const query = useQuery(versionsQuery(id));
  return (
    <Loaded query={query}>
      {(versions) => (
        <ol className={classes.events}>
          {versions.map((version, place) => (
            <li key={version.version}>
              <b>{t("register.version_short", { version: version.version })}</b>
              <Changed now={version.content} before={versions[place + 1]?.content} />
              <Text size="xs" c="dimmed">
                {moment(version.made_at)} · {version.made_by}
              </Text>
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  );
}

/** Which parts a version changed, by name; the first one wrote them all. */
function Changed({ now, before }: { now: Record<string, unknown>; before?: Record<string, unknown> }) {
  const { t } = useTranslation("accountability");
  if (!before) return <>: {t("register.first_version")}</>;
  const changed = Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]));
  return changed.length ? <>: {changed.map((key) => t(`part.${key}`, { defaultValue: key })).join(", ")}</> : null;
}

function EndForm({ activity, onClose }: { activity: Activity; onClose: () => void }) {
  const { t } = useTranslation("accountability");
  const { today } = useFormats();
  const end = useEndActivity(activity);
  const [day, setDay] = useState<string | null>(today());
  const errors = fieldErrors(end.error);
  return (
    <FormModal
      title={t("register.end_title")}
      verb={t("register.end")}
      size="sm"
      errors={errors}
      isBusy={end.isPending}
      canSend={day !== null}
      onClose={onClose}
      onSend={() =>
        day &&
        end.mutate(day, {
          onSuccess: () => {
            tell(t("register.ended_done"));
            onClose();
          },
        })
      }
    >
      <Text size="sm" className={wide}>
        {t("register.end_detail")}
      </Text>
      <DateInput className={wide} label={t("register.last_day")} value={day} onChange={setDay} minDate={activity.since} valueFormat="D MMMM YYYY" error={errors.of("ended_on")} />
    </FormModal>
  );
}
