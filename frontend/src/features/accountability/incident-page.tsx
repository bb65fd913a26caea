/** `/privacy/incidents/$id`: what is known of one breach, who must be told, what was decided and by whom. */
import { Alert, Button, NumberInput, Select, Text, Textarea } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { fieldErrors, fields, FormAlert, wide } from "@/ui/form";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./accountability.module.css";
import { IncidentClock } from "./incident-clock";
import { risks } from "./incident-list";
import { instantOf, momentOf } from "@/lib/instants";
import { incidentEventsQuery, incidentQuery, useChangeIncident, useCloseIncident, type Incident, type IncidentChange, type Risk } from "./queries";

export function IncidentPage({ id }: { id: string }) {
  const query = useQuery(incidentQuery(id));
  return <Loaded query={query}>{(incident) => <Opened incident={incident} />}</Loaded>;
}

function Opened({ incident }: { incident: Incident }) {
  const { t } = useTranslation("accountability");
  const { moment } = useFormats();
  const mayWrite = useMay("privacy:write");
  const [isClosing, setClosing] = useState(false);
  const close = useCloseIncident();
  const isEditable = mayWrite && !incident.closed_at;
  return (
    <>
      <PageHeader
        documentTitle={t("incident.document")}
        eyebrow={<Link to="/privacy/incidents">{t("incident.document")}</Link>}
        title={incident.title}
        beside={<IncidentClock incident={incident} />}
        subtitle={t("incident.due", { aware: moment(incident.became_aware_at), due: moment(incident.due_at) })}
        actions={isEditable && <Button onClick={() => setClosing(true)}>{t("incident.close")}</Button>}
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          {incident.must_tell_people && !incident.closed_at && (
            <Alert color="red" icon={<IconUsers size={18} />} title={t("incident.tell_people")}>
              {t("incident.tell_people_detail")}
            </Alert>
          )}
          {/* A new version read from the server starts the form anew. */}
          <IncidentForm key={incident.version} incident={incident} isEditable={isEditable} />
        </div>
        <Events id={incident.id} />
      </div>
      <ConfirmModal
        isOpen={isClosing}
        onClose={() => setClosing(false)}
        title={t("incident.close_title")}
        verb={t("incident.close")}
        isBusy={close.isPending}
        onConfirm={() => close.mutate(incident.id, { onSuccess: () => tell(t("incident.closed_done")), onError: tellProblem, onSettled: () => setClosing(false) })}
      >
        <Text size="sm">{t("incident.close_detail")}</Text>
      </ConfirmModal>
    </>
  );
}

const texts = ["facts", "effects", "measures", "data_categories"] as const;
const decisions = ["UNDECIDED", "NOTIFY", "NOT_NOTIFY"] as const;

function IncidentForm({ incident, isEditable }: { incident: Incident; isEditable: boolean }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { timezone } = useFormats();
  const change = useChangeIncident(incident);
  const [draft, setDraft] = useState<IncidentChange>({});
  const errors = fieldErrors(change.error);
  const shown = { ...incident, ...draft };
  const set = (part: IncidentChange) => setDraft({ ...draft, ...part });
  const isChanged = Object.keys(draft).length > 0;
  const picker = (field: "happened_at" | "notified_at" | "people_told_at") => (
    <DateTimePicker
      label={t(`incident.${field}`)}
      value={shown[field] ? momentOf(shown[field], timezone) : null}
      onChange={(chosen) => set({ [field]: chosen ? instantOf(chosen, timezone) : null })}
      valueFormat="D MMMM YYYY, HH:mm"
      clearable
      readOnly={!isEditable}
      error={errors.of(field)}
    />
  );
  return (
    <Panel>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged) change.mutate(draft, { onSuccess: () => tell(tc("saved")) });
        }}
      >
        <PanelBody pt="lg">
          <div className={fields}>
            {texts.map((field) => (
              <Textarea
                key={field}
                className={wide}
                label={t(`incident.${field}`)}
                description={t(`incident.${field}_help`)}
                value={shown[field] ?? ""}
                onChange={(event) => set({ [field]: event.currentTarget.value })}
                autosize
                minRows={2}
                maxRows={10}
                maxLength={8000}
                readOnly={!isEditable}
                error={errors.of(field)}
              />
            ))}
            <NumberInput
              label={t("incident.people_count")}
              value={shown.people_count ?? ""}
              onChange={(count) => set({ people_count: count === "" ? null : Number(count) })}
              min={0}
              allowDecimal={false}
              readOnly={!isEditable}
              error={errors.of("people_count")}
            />
            {picker("happened_at")}
            <Select
              label={t("incident.risk")}
              data={risks.map((each) => ({ value: each, label: t(`risk.${each}`) }))}
              value={shown.risk ?? null}
              onChange={(risk) => set({ risk: risk as Risk | null })}
              readOnly={!isEditable}
              error={errors.of("risk")}
            />
            <Select
              label={t("incident.decision")}
              data={decisions.map((each) => ({ value: each, label: t(`decision.${each}`) }))}
              value={shown.decision}
              onChange={(decision) => decision && set({ decision: decision as Incident["decision"] })}
              allowDeselect={false}
              readOnly={!isEditable}
              error={errors.of("decision")}
            />
            <Textarea
              className={wide}
              label={t("incident.decision_reason")}
              description={t("incident.decision_reason_help")}
              value={shown.decision_reason ?? ""}
              onChange={(event) => set({ decision_reason: event.currentTarget.value })}
              autosize
              minRows={2}
              maxLength={8000}
              readOnly={!isEditable}
              error={errors.of("decision_reason")}
            />
            {picker("notified_at")}
            {picker("people_told_at")}
            <FormAlert errors={errors} />
          </div>
        </PanelBody>
        {isEditable && (
          <PanelRow className={classes.onward}>
            <Button type="submit" variant="filled" loading={change.isPending} disabled={!isChanged}>
              {tc("act.save")}
            </Button>
          </PanelRow>
        )}
      </form>
    </Panel>
  );
}

function Events({ id }: { id: string }) {
  const { t } = useTranslation("accountability");
  const { moment } = useFormats();
  const query = useQuery(incidentEventsQuery(id));
  return (
    <Panel title={t("incident.events")}>
      <Loaded query={query}>
        {(events) => (
          <PanelBody>
            <ol className={classes.events}>
              {events.map((event) => (
                <li key={event.seq}>
                  <span>{Object.keys(event.changes).map((field) => t(`incident.field.${field}`, { defaultValue: field })).join(", ")}</span>
                  <Text size="xs" c="dimmed">
                    {moment(event.at)} · {event.actor_name}
                  </Text>
                </li>
              ))}
            </ol>
          </PanelBody>
        )}
      </Loaded>
    </Panel>
  );
}
