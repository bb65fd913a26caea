/** `/results/$kind/$id`: what one campaign or recall really changed. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconLock, IconTimeline } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ProblemFace } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Fact, PageHeader } from "@/ui/page-header";
import { type ResultKind, resultsQuery } from "./queries";
import { ResultsPanels, ResultsSkeleton } from "./results-body";

export function ResultsPage({ kind, id, exporting }: { kind: ResultKind; id: string; exporting?: ReactNode }) {
  const { t } = useTranslation(["results", "common"]);
  const { day } = useFormats();
  const { data, error, refetch } = useQuery(resultsQuery(kind, id));
  if (error && !data) return <ProblemFace error={error} onRetry={() => void refetch()} />;
  const state = data && (data.closes_on ? t(`state.${data.state}`, { date: day(data.closes_on, "long") }) : t("state.open_undated"));
  return (
    <>
      <PageHeader
        documentTitle={t("crumb.results")}
        eyebrow={
          <>
            <Link to="/results">{t("crumb.results")}</Link> › {t(kind === "campaign" ? "crumb.campaigns" : "crumb.recalls")}
          </>
        }
        title={data?.name ?? t("crumb.results")}
        beside={state && <Fact icon={data.state === "closed" ? <IconLock size={14} /> : <IconTimeline size={14} />}>{state}</Fact>}
        actions={
          <>
            {exporting}
            <ToRecipients kind={kind} id={id} />
          </>
        }
      />
      {data ? <ResultsPanels results={data} /> : <ResultsSkeleton />}
    </>
  );
}

function ToRecipients({ kind, id }: { kind: ResultKind; id: string }) {
  const { t } = useTranslation("results");
  if (kind === "recall") return null;
  return (
    <LinkButton to="/campaigns/$id" params={{ id }} search={{ step: "recipients" }}>
      {t("to_recipients")}
    </LinkButton>
  );
}
