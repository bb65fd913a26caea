/** Step 4: do it, watch it, and take it back. Closing the page stops nothing. */
import { Alert, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileImport, IconHandStop } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import classes from "./imports.module.css";
import { OutcomeBar, OutcomeFigures, Remarks } from "./outcome-parts";
import { DownloadRejected, RowsPanel } from "./rows-panel";
import { useImportAct, type Import, type RowFilter } from "./queries";
import { changing } from "./steps";
import { UndoButton, Undoing, Undone } from "./undo";
import { useWords } from "./words";
import { WorkBar } from "./work-bar";

type Props = { subject: Import; filter: RowFilter; onFilter: (filter: RowFilter) => void };

export function ApplyStep({ subject, filter, onFilter }: Props) {
  switch (subject.state) {
    case "rehearsed":
      return <Ready subject={subject} />;
    case "applying":
      return subject.failure ? <Stopped subject={subject} /> : <Applying subject={subject} />;
    case "undoing":
      return <Undoing subject={subject} />;
    case "undone":
      return <Undone subject={subject} filter={filter} onFilter={onFilter} />;
    default:
      return (
        <div className={classes.stack}>
          <Applied subject={subject} />
          <RowsPanel subject={subject} filter={filter} onFilter={onFilter} />
        </div>
      );
  }
}

function Ready({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const mayWrite = useMay("imports:write");
  const counts = subject.rehearsal_counts;
  const rows = { count: changing(counts), formatted: number(changing(counts)) };
  const rejected = { count: counts.rejected ?? 0, formatted: number(counts.rejected ?? 0) };
  return (
    <Panel>
      <PanelBody pt="lg">
        <p className={classes.lead}>{rows.count > 0 ? t("apply.ready", rows) : t("apply.nothing")}</p>
        {rows.count > 0 && (
          <Text c="dimmed" mb="md">
            {t("apply.ready_detail")} {t("apply.no_automations")}
          </Text>
        )}
        <OutcomeBar counts={counts} height={22} />
        <OutcomeFigures counts={counts} />
        <Remarks counts={counts} />
      </PanelBody>
      <PanelRow className={classes.between}>
        <Text size="sm" c="dimmed">
          {rejected.count > 0 && t("apply.rejected_stay", rejected)}
        </Text>
        <div className={classes.onward}>
          <DownloadRejected subject={subject} />
          {rows.count > 0 && mayWrite && <ApplyButton subject={subject} />}
        </div>
      </PanelRow>
    </Panel>
  );
}

function ApplyButton({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const [isOpen, { open, close }] = useDisclosure(false);
  const rows = { count: changing(subject.rehearsal_counts), formatted: number(changing(subject.rehearsal_counts)) };
  return (
    <>
      <Button variant="filled" leftSection={<IconFileImport size={16} />} onClick={open}>
        {t("apply.act", rows)}
      </Button>
      {isOpen && <ApplyModal subject={subject} onClose={close} />}
    </>
  );
}

function ApplyModal({ subject, onClose }: { subject: Import; onClose: () => void }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const act = useImportAct(subject.id);
  // One key for one intent: a second click or a retry is the same application.
  const [key] = useState(() => crypto.randomUUID());
  const counts = subject.rehearsal_counts;
  const rows = { count: changing(counts), formatted: number(changing(counts)) };
  const rejected = { count: counts.rejected ?? 0, formatted: number(counts.rejected ?? 0) };
  return (
    <ConfirmModal
      isOpen
      onClose={onClose}
      title={t("apply.confirm_title", { name: subject.file_name })}
      verb={t("apply.act", rows)}
      isBusy={act.isPending}
      onConfirm={() => act.mutate({ act: "apply", key }, { onSuccess: onClose, onError: tellProblem })}
    >
      <OutcomeFigures counts={counts} />
      {rejected.count > 0 && <Text size="sm">{t("apply.rejected_stay", rejected)}</Text>}
      <Text size="sm" fw={550}>
        {t("apply.no_automations")}
      </Text>
      <Text size="sm" c="dimmed">
        {t("apply.ready_detail")}
      </Text>
    </ConfirmModal>
  );
}

function Applying({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const words = useWords();
  const { row_total: total, row_done: done } = subject;
  const rate = useRate(done);
  const left = rate > 0 && total !== null ? (total - done) / rate : null;
  return (
    <Panel>
      <PanelBody pt="lg">
        <p className={classes.lead} role="status">
          {total === null ? t("rehearsal.reading") : t("apply.running")}
        </p>
        <WorkBar done={done} total={total} label={t("apply.running")} />
        <Text size="sm" c="dimmed" mt="sm" mih={40}>
          {total !== null && t("rehearsal.of", { done: number(done), total: number(total) })}
          {rate > 0 && ` · ${t("apply.rate", { rate: number(Math.round(rate)) })}`}
          {left !== null && left >= 1 && ` · ${t("apply.left", { time: words.duration(left) })}`}
          <br />
          {t("rehearsal.close_page")}
        </Text>
        <OutcomeFigures counts={subject.counts} />
      </PanelBody>
    </Panel>
  );
}

/** Rows a second over the last looks at the server. */
function useRate(done: number): number {
  const looks = useRef<{ at: number; done: number }[]>([]);
  const [rate, setRate] = useState(0);
  useEffect(() => {
    const now = { at: performance.now(), done };
    looks.current = [...looks.current, now].slice(-6);
    const first = looks.current[0];
    if (first && now.at > first.at) setRate(((now.done - first.done) * 1_000) / (now.at - first.at));
  }, [done]);
  return rate;
}

function Stopped({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const mayWrite = useMay("imports:write");
  const act = useImportAct(subject.id);
  return (
    <Panel>
      <PanelBody pt="lg">
        <Alert color="red" icon={<IconHandStop size={18} />} title={t("apply.stopped")} role="alert" mb="md">
          {subject.failure}
          <Text size="sm" mt={4}>
            {t("apply.stopped_detail")}
          </Text>
        </Alert>
        <WorkBar done={subject.row_done} total={subject.row_total} label={t("apply.stopped")} isStill />
        <Text size="sm" c="dimmed" mt="sm">
          {subject.row_total !== null && t("rehearsal.of", { done: number(subject.row_done), total: number(subject.row_total) })}
        </Text>
        <OutcomeFigures counts={subject.counts} />
      </PanelBody>
      {mayWrite && (
        <PanelRow className={classes.between}>
          <UndoButton subject={subject} />
          <Button
            variant="filled"
            loading={act.isPending}
            onClick={() => act.mutate({ act: "apply", key: crypto.randomUUID() }, { onError: tellProblem })}
          >
            {t("apply.resume")}
          </Button>
        </PanelRow>
      )}
    </Panel>
  );
}

function Applied({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number, moment } = useFormats();
  const mayWrite = useMay("imports:write");
  const rows = { count: changing(subject.counts), formatted: number(changing(subject.counts)) };
  return (
    <Panel>
      <PanelBody pt="lg">
        <p className={classes.lead} role="status">
          {t("apply.done", rows)}
        </p>
        <Text size="sm" c="dimmed" mb="md">
          {subject.applied_at && t("apply.done_at", { when: moment(subject.applied_at) })} · {t("apply.no_automations")}
        </Text>
        <OutcomeBar counts={subject.counts} height={22} />
        <OutcomeFigures counts={subject.counts} />
        <Remarks counts={subject.counts} />
      </PanelBody>
      <PanelRow className={classes.between}>
        {mayWrite ? <UndoButton subject={subject} /> : <span />}
        <LinkButton variant="filled" to="/customers">
          {t("apply.see_customers")}
        </LinkButton>
      </PanelRow>
    </Panel>
  );
}
