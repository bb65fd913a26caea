/** Step 3: exactly what would happen, counted by the server on every row, with nothing changed. */
import { Alert, Button, Text } from "@mantine/core";
import { IconHandStop, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { EmptyFace } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import classes from "./imports.module.css";
import { OutcomeBar, OutcomeFigures, Remarks } from "./outcome-parts";
import { RowsPanel } from "./rows-panel";
import { useImportAct, type Import, type RowFilter } from "./queries";
import { changing, isEditable, taken } from "./steps";
import { WorkBar } from "./work-bar";

type Props = { subject: Import; filter: RowFilter; onFilter: (filter: RowFilter) => void };

export function RehearsalStep({ subject, filter, onFilter }: Props) {
  if (subject.state === "rehearsing") return <Running subject={subject} />;
  if (subject.state === "draft") return <NotYet subject={subject} />;
  return (
    <div className={classes.stack}>
      <Counted subject={subject} />
      <RowsPanel subject={subject} filter={filter} onFilter={onFilter} isSample={subject.state === "rehearsed"} />
    </div>
  );
}

function Running({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const { row_total: total, row_done: done } = subject;
  return (
    <Panel>
      <PanelBody pt="lg">
        <p className={classes.lead} role="status">
          {total === null ? t("rehearsal.reading") : t("rehearsal.running")}
        </p>
        <WorkBar done={done} total={total} label={t("rehearsal.running")} />
        <Text size="sm" c="dimmed" mt="sm">
          {total !== null && `${t("rehearsal.of", { done: number(done), total: number(total) })} · `}
          {t("rehearsal.close_page")}
        </Text>
        <OutcomeFigures counts={subject.counts} />
      </PanelBody>
    </Panel>
  );
}

function NotYet({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const mayWrite = useMay("imports:write");
  return (
    <Panel>
      {subject.failure && (
        <PanelBody pt="md">
          <Alert color="red" icon={<IconHandStop size={18} />} title={t("rehearsal.stopped")} role="alert">
            {subject.failure}
          </Alert>
        </PanelBody>
      )}
      <EmptyFace
        icon={<IconPlayerPlay size={28} stroke={1.5} />}
        title={t("rehearsal.none")}
        detail={t("rehearsal.none_detail")}
        action={mayWrite && <Rehearse subject={subject} isMain word={t("rehearsal.run")} />}
      />
    </Panel>
  );
}

function Rehearse({ subject, isMain, word }: { subject: Import; isMain?: boolean; word: string }) {
  const act = useImportAct(subject.id);
  return (
    <Button variant={isMain ? "filled" : "default"} loading={act.isPending} onClick={() => act.mutate({ act: "rehearse" }, { onError: tellProblem })}>
      {word}
    </Button>
  );
}

/** What the rehearsal found stays to be read after the application, beside what then happened. */
function Counted({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number, moment } = useFormats();
  const mayWrite = useMay("imports:write");
  const counts = subject.rehearsal_counts;
  const values = { total: number(taken(counts) + (counts.rejected ?? 0)), changing: number(changing(counts)) };
  return (
    <Panel title={t("rehearsal.title")} note={subject.rehearsed_at && t("rehearsal.at", { when: moment(subject.rehearsed_at) })}>
      <PanelBody>
        <p className={classes.lead} role="status">
          {t(changing(counts) > 0 ? "rehearsal.heading" : "rehearsal.nothing", values)}
        </p>
        <OutcomeBar counts={counts} height={22} />
        <OutcomeFigures counts={counts} />
        <Remarks counts={counts} />
      </PanelBody>
      {isEditable(subject) && mayWrite && (
        <PanelRow className={classes.between}>
          <Rehearse subject={subject} word={t("rehearsal.again")} />
          <LinkButton variant="filled" to="/customers/imports/$id" params={{ id: subject.id }} search={{ step: "apply" }}>
            {t("step.to_apply")}
          </LinkButton>
        </PanelRow>
      )}
    </Panel>
  );
}
