/** Who waits for a sign today, why, and whether we may give it (UX §4.2). */
import { Button } from "@mantine/core";
import { IconPrinter, IconSend } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Late, Loaded, ProblemFace, SkeletonRows } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { RhythmLegend } from "@/ui/rhythm-strip";
import { DueRow } from "./due-row";
import { deskOptions, dueOptions, firstRows, type Due, type DueItem } from "./queries";
import { NobodyDue } from "./nobody-due";
import { RunsPanel } from "./runs-panel";
import classes from "./today.module.css";

const moreRows = 50;

type Props = {
  /** What waits for a decision: another domain's panel, given by the route. */
  tasks: ReactNode;
  onWrite: (person: DueItem) => void;
  onWriteAll: () => void;
  /** The list behind «write to all» is on its way. */
  isPreparing?: boolean;
};

export function TodayPage({ tasks, onWrite, onWriteAll, isPreparing = false }: Props) {
  const [limit, setLimit] = useState(firstRows);
  const due = useQuery({ ...dueOptions(limit), placeholderData: (previous) => previous });
  const desk = useQuery(deskOptions);
  return (
    <>
      {due.data ? <Heading due={due.data} onWriteAll={onWriteAll} isPreparing={isPreparing} /> : <HeadingToCome />}
      <div className={classes.columns}>
        <DuePanel due={due} limit={limit} onMore={() => setLimit(moreRows)} onWrite={onWrite} />
        <div className={classes.aside}>
          {tasks}
          <Loaded query={desk} skeleton={<Panel><SkeletonRows rows={3} /></Panel>}>
            {(answer) => <RunsPanel runs={answer.runs} />}
          </Loaded>
        </div>
      </div>
    </>
  );
}

function HeadingToCome() {
  const { t } = useTranslation("today");
  const formats = useFormats();
  return <PageHeader documentTitle={t("document")} eyebrow={formats.weekday(new Date())} title={t("heading_to_come")} />;
}

function Heading({ due, onWriteAll, isPreparing }: { due: Due; onWriteAll: () => void; isPreparing: boolean }) {
  const { t } = useTranslation("today");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const mayWrite = useMay("messages:write");
  const sentences = [
    due.allowed > 0 && t("allowed", { count: due.allowed }),
    due.to_ask > 0 && t("to_ask", { count: due.to_ask }),
    due.said_no > 0 && t("said_no", { count: due.said_no }),
    due.later > 0 && t("later", { count: due.later }),
    due.to_fix > 0 && t("to_fix", { count: due.to_fix }),
  ].filter(Boolean);
  return (
    <PageHeader
      documentTitle={t("document")}
      eyebrow={formats.weekday(due.on)}
      title={due.total === 0 ? t("heading_none") : t("heading", { count: due.total, number: formats.number(due.total) })}
      subtitle={sentences.join(" ")}
      actions={
        due.total > 0 && (
          <>
            <Button leftSection={<IconPrinter size={16} stroke={1.75} />} onClick={() => window.print()}>
              {tc("act.print")}
            </Button>
            {mayWrite && due.allowed > 0 && (
              <Button variant="filled" leftSection={<IconSend size={16} stroke={1.75} />} onClick={onWriteAll} loading={isPreparing}>
                {t("write_all", { count: due.allowed })}
              </Button>
            )}
          </>
        )
      }
    />
  );
}

type DuePanelProps = {
  due: { data: Due | undefined; error: Error | null; isFetching: boolean; refetch: () => unknown };
  limit: number;
  onMore: () => void;
  onWrite: Props["onWrite"];
};

function DuePanel({ due, limit, onMore, onWrite }: DuePanelProps) {
  const { t } = useTranslation("today");
  const answer = due.data;
  const hidden = answer ? answer.total - answer.items.length : 0;
  return (
    <Panel
      title={t("to_recall")}
      note={t("by_value")}
      more={<RhythmLegend visit={t("legend.visit")} expected={t("legend.expected")} today={t("legend.today")} />}
    >
      {!answer && due.error && <ProblemFace error={due.error} onRetry={() => void due.refetch()} />}
      {!answer && !due.error && (
        <Late>
          <SkeletonRows rows={firstRows} height={72} />
        </Late>
      )}
      {answer && answer.items.length === 0 && <NobodyDue nextDays={answer.next_days} />}
      {answer && answer.items.length > 0 && (
        <>
          <div className={`${classes.row} ${classes.head}`} aria-hidden>
            <span>{t("column.who")}</span>
            <span>{t("column.rhythm")}</span>
            <span className={classes.value}>{t("column.value")}</span>
            <span>{t("column.permission")}</span>
            <span />
          </div>
          <ul className={classes.list}>
            {answer.items.map((person) => (
              <DueRow key={`${person.customer_id}-${person.recall_id}`} person={person} on={answer.on} onWrite={onWrite} />
            ))}
          </ul>
          {hidden > 0 && (
            <div className={`${classes.foot} no-print`}>
              {limit < moreRows ? (
                <Button variant="subtle" onClick={onMore} loading={due.isFetching}>
                  {t("more", { count: hidden })}
                </Button>
              ) : (
                t("still_more", { count: hidden })
              )}
            </div>
          )}
        </>
      )}
    </Panel>
  );
}
