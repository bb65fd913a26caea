/** `/privacy/incidents`: the log of breaches, the newest first, each with the time left to tell somebody (art. 33(5)). */
import { Button, Select, Text, Textarea, TextInput } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { IconPlus, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager, rowLink, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import classes from "./accountability.module.css";
import { IncidentClock } from "./incident-clock";
import { instantOf, momentOf } from "@/lib/instants";
import { incidentsQuery, useOpenIncident, type Incident, type Risk } from "./queries";

export const risks: Risk[] = ["UNLIKELY", "RISK", "HIGH"];

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void; onOpened: (incident: Incident) => void };

export function IncidentList({ cursor, onCursor, onOpened }: Props) {
  const { t } = useTranslation("accountability");
  const { number, moment } = useFormats();
  const mayWrite = useMay("privacy:write");
  const query = useQuery(incidentsQuery(cursor));
  const [isAdding, setAdding] = useState(false);
  const waiting = query.data?.items.filter((each) => each.is_waiting).length ?? 0;
  const columns: Column<Incident>[] = [
    {
      key: "what",
      header: t("incident.what"),
      render: (row) => (
        <div className={classes.cell}>
          <Link to="/privacy/incidents/$id" params={{ id: row.id }} className={rowLink}>
            {row.title}
          </Link>
          <Text size="xs" c="dimmed">
            {row.risk ? t(`risk.${row.risk}`) : t("risk.none")}
          </Text>
        </div>
      ),
    },
    { key: "clock", header: t("incident.clock"), width: 230, render: (row) => <IncidentClock incident={row} /> },
    { key: "known", header: t("incident.known"), width: 150, render: (row) => moment(row.became_aware_at) },
    { key: "people", header: t("incident.people"), align: "right", width: 90, isSecondary: true, render: (row) => (row.people_count === null ? "–" : number(row.people_count)) },
  ];
  return (
    <>
      <PageHeader
        documentTitle={t("incident.document")}
        title={waiting ? t("incident.title", { count: waiting }) : t("incident.title_none")}
        subtitle={t("incident.subtitle")}
        actions={
          mayWrite && (
            <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t("incident.add")}
            </Button>
          )
        }
      />
      <Panel aria-label={t("incident.document")}>
        <Loaded query={query}>
          {(page) =>
            page.items.length ? (
              <>
                <DataTable label={t("incident.document")} columns={columns} rows={page.items} rowKey={(row) => row.id} isStale={query.isPlaceholderData} />
                <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} totalIsCapped={page.total_is_capped} onCursor={onCursor} />
              </>
            ) : (
              <EmptyFace icon={<IconShieldCheck size={28} stroke={1.5} />} title={t("incident.empty")} detail={t("incident.empty_detail")} />
            )
          }
        </Loaded>
      </Panel>
      {isAdding && <OpenForm onClose={() => setAdding(false)} onOpened={onOpened} />}
    </>
  );
}

function OpenForm({ onClose, onOpened }: { onClose: () => void; onOpened: (incident: Incident) => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { timezone } = useFormats();
  const open = useOpenIncident();
  const now = momentOf(new Date().toISOString(), timezone);
  const [title, setTitle] = useState("");
  const [aware, setAware] = useState<string | null>(now);
  const [facts, setFacts] = useState("");
  const [risk, setRisk] = useState<Risk | null>(null);
  const errors = fieldErrors(open.error);
  return (
    <FormModal
      title={t("incident.add")}
      verb={t("incident.open")}
      errors={errors}
      isBusy={open.isPending}
      canSend={!!title.trim() && aware !== null}
      onClose={onClose}
      onSend={() => aware && open.mutate({ title: title.trim(), became_aware_at: instantOf(aware, timezone), facts, risk }, { onSuccess: onOpened })}
    >
      <TextInput className={wide} label={t("incident.what")} description={t("incident.what_help")} value={title} onChange={(event) => setTitle(event.currentTarget.value)} error={errors.of("title")} data-autofocus />
      <DateTimePicker label={t("incident.aware")} description={t("incident.aware_help")} value={aware} onChange={setAware} maxDate={now} valueFormat="D MMMM YYYY, HH:mm" error={errors.of("became_aware_at")} />
      <Select
        label={`${t("incident.risk")} (${tc("optional")})`}
        description={t("incident.risk_help")}
        data={risks.map((each) => ({ value: each, label: t(`risk.${each}`) }))}
        value={risk}
        onChange={(chosen) => setRisk(chosen as Risk | null)}
        clearable
        error={errors.of("risk")}
      />
      <Textarea className={wide} label={t("incident.facts")} value={facts} onChange={(event) => setFacts(event.currentTarget.value)} autosize minRows={4} maxLength={8000} error={errors.of("facts")} />
    </FormModal>
  );
}
