/** `/privacy/rpo`: how old the register's answers are, how many numbers they cover, and the next answer (D-T1…D-T8). */
import { Button, Text } from "@mantine/core";
import { IconFileDownload, IconFileUpload, IconPhoneOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ClockRing } from "@/ui/clock-ring";
import { DataTable, Pager, type Column } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { StateBar, StateBarLegend } from "@/ui/state-bar";
import { tell, tellProblem } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import { Why } from "@/ui/why";
import { ageOf } from "./age";
import classes from "./oppositions.module.css";
import { coverageQuery, uploadsQuery, useExtract, type Coverage, type Upload } from "./queries";
import { UploadForm } from "./upload-form";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function RpoPage({ cursor, onCursor }: Props) {
  const { t } = useTranslation("oppositions");
  const mayWrite = useMay("privacy:write");
  const coverage = useQuery(coverageQuery);
  const uploads = useQuery(uploadsQuery(cursor));
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={<Title coverage={coverage.data} />}
        subtitle={t("subtitle")}
        actions={
          mayWrite && (
            <Button variant="filled" leftSection={<IconFileUpload size={16} stroke={1.75} />} onClick={() => setAdding(true)}>
              {t("upload")}
            </Button>
          )
        }
      />
      <div className={classes.stack}>
        <Loaded query={coverage}>
          {(registers) => (
            <div className={classes.pair}>
              {registers.map((each) => (
                <RegisterPanel key={each.kind} coverage={each} />
              ))}
            </div>
          )}
        </Loaded>
        <Panel title={t("answers")}>
          <Loaded query={uploads}>
            {(page) =>
              page.items.length ? (
                <>
                  <Answers uploads={page.items} isStale={uploads.isPlaceholderData} />
                  <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} total={page.total} onCursor={onCursor} />
                </>
              ) : (
                <EmptyFace icon={<IconPhoneOff size={28} stroke={1.5} />} title={t("empty")} detail={t("empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
      </div>
      {isAdding && <UploadForm onClose={() => setAdding(false)} />}
    </>
  );
}

function Title({ coverage }: { coverage: Coverage[] | undefined }) {
  const { t } = useTranslation("oppositions");
  const phone = coverage?.find(({ kind }) => kind === "PHONE");
  if (!phone) return <>{t("document")}</>;
  const age = ageOf(phone);
  if (age.state === "never") return <>{t("title_never")}</>;
  return <>{age.state === "expired" ? t("title_expired") : t("title", { count: age.daysLeft })}</>;
}

function RegisterPanel({ coverage }: { coverage: Coverage }) {
  const { t } = useTranslation("oppositions");
  const { number, day } = useFormats();
  const mayWrite = useMay("privacy:write");
  const extract = useExtract();
  const age = ageOf(coverage);
  const clear = Math.max(coverage.covered_count - coverage.listed_count, 0);
  const parts = [
    { value: clear, label: t("part.clear"), tone: "allowed" as const },
    { value: coverage.listed_count, label: t("part.listed"), tone: "denied" as const },
    { value: coverage.stale_count, label: t("part.stale"), tone: "deferred" as const },
    { value: coverage.never_count, label: t("part.never"), tone: "rest" as const },
  ];
  return (
    <Panel title={t(`register.${coverage.kind}`)} note={t("valid", { count: coverage.valid_days })}>
      <PanelBody>
        <div className={classes.age} data-tone={age.tone}>
          <ClockRing share={age.share} tone={age.tone} size={48} />
          <div>
            <b>{age.state === "never" ? t("age.never") : age.state === "expired" ? t("age.expired") : t("age.left", { count: age.daysLeft })}</b>
            <Text size="sm" c="dimmed">
              {coverage.last_answered_at ? t("age.answered", { date: day(coverage.last_answered_at) }) : t("age.ask")}
            </Text>
          </div>
          <Why
            explanation={{
              sentence: t(age.state === "left" ? "why.valid" : "why.expired"),
              facts: [
                { label: t("why.numbers"), value: number(coverage.with_consent_count) },
                { label: t("why.covered"), value: number(coverage.covered_count) },
                { label: t("why.listed"), value: number(coverage.listed_count) },
              ],
              remedy: t("why.remedy"),
              code: "D-T7 · RPO_STALE",
            }}
          />
        </div>
        <StateBar parts={parts} height={14} />
        <div className={classes.legend}>
          <StateBarLegend parts={parts.map(({ label, tone, value }) => ({ label: `${label} ${number(value)}`, tone }))} />
        </div>
      </PanelBody>
      {mayWrite && (
        <PanelRow className={classes.onward}>
          {(["due", "all"] as const).map((numbers) => (
            <Button
              key={numbers}
              size="xs"
              leftSection={numbers === "due" ? <IconFileDownload size={15} stroke={1.75} /> : undefined}
              variant={numbers === "due" ? "default" : "subtle"}
              loading={extract.isPending && extract.variables.numbers === numbers}
              onClick={() => extract.mutate({ kind: coverage.kind, numbers }, { onSuccess: () => tell(t("extracted")), onError: tellProblem })}
            >
              {t(`extract.${numbers}`)}
            </Button>
          ))}
        </PanelRow>
      )}
    </Panel>
  );
}

function Answers({ uploads, isStale }: { uploads: Upload[]; isStale: boolean }) {
  const { t } = useTranslation("oppositions");
  const { number, day, moment } = useFormats();
  const columns: Column<Upload>[] = [
    {
      key: "file",
      header: t("column.file"),
      render: (row) => (
        <div className={classes.cell}>
          <b>{row.file_name || "–"}</b>
          <Text size="xs" c="dimmed">
            {t(`register.${row.kind}`)} · {row.uploaded_by_name}, {moment(row.uploaded_at)}
          </Text>
        </div>
      ),
    },
    {
      key: "answered",
      header: t("column.answered"),
      width: 190,
      render: (row) => (
        <>
          {day(row.answered_at)} {row.is_expired ? <ToneBadge tone="bad" word={t("expired")} /> : <Fact>{t("until", { date: day(row.expires_at) })}</Fact>}
        </>
      ),
    },
    { key: "numbers", header: t("column.numbers"), align: "right", width: 90, render: (row) => number(row.numbers_count) },
    { key: "listed", header: t("column.listed"), align: "right", width: 90, render: (row) => number(row.listed_count) },
    { key: "matched", header: t("column.matched"), align: "right", width: 90, isSecondary: true, render: (row) => number(row.matched_count) },
    { key: "revoked", header: t("column.revoked"), align: "right", width: 110, isSecondary: true, render: (row) => number(row.revoked_count) },
    { key: "refused", header: t("column.refused"), align: "right", width: 110, render: (row) => <RefusedRows row={row} /> },
  ];
  return <DataTable label={t("answers")} columns={columns} rows={uploads} rowKey={(row) => row.id} isStale={isStale} minWidth={640} />;
}

/** A row that could not be read covers nobody: which ones, and why. */
function RefusedRows({ row }: { row: Upload }) {
  const { t } = useTranslation("oppositions");
  const { number } = useFormats();
  if (row.refused_count === 0) return <>–</>;
  const shown = row.refused.slice(0, 12);
  return (
    <Why
      label={t("refused", { count: row.refused_count })}
      explanation={{
        sentence: t("refused", { count: row.refused_count }),
        facts: [
          ...shown.map(({ line, fault }) => ({ label: t("line", { line: number(line) }), value: t(`fault.${fault}`) })),
          ...(row.refused_count > shown.length ? [{ label: t("and_more", { count: row.refused_count - shown.length }) }] : []),
        ],
        remedy: t("refused_remedy"),
      }}
    >
      <span className={classes.why}>{number(row.refused_count)}</span>
    </Why>
  );
}
