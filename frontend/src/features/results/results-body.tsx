/** One measured campaign or recall, verdict first. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/ui/faces";
import { ArmsPanel } from "./arms-panel";
import { CurvePanel } from "./curve-panel";
import { DifferencesPanel } from "./differences-panel";
import { type ResultKind, type Results, resultsQuery } from "./queries";
import classes from "./results.module.css";
import { VerdictPanel, isControl } from "./verdict-panel";

export function ResultsBody({ kind, id }: { kind: ResultKind; id: string }) {
  const query = useQuery(resultsQuery(kind, id));
  return (
    <Loaded query={query} skeleton={<ResultsSkeleton />}>
      {(results) => <ResultsPanels results={results} />}
    </Loaded>
  );
}

export function ResultsPanels({ results }: { results: Results }) {
  const hasControl = results.arms.some((arm) => isControl(arm.arm) && arm.people > 0);
  return (
    <div className={classes.stack}>
      <VerdictPanel results={results} />
      <div className={classes.pair}>
        <DifferencesPanel differences={results.differences} currency={results.cost.currency} />
        <CurvePanel curve={results.curve} hasControl={hasControl} />
      </div>
      <ArmsPanel results={results} />
    </div>
  );
}

export function ResultsSkeleton() {
  return (
    <div className={classes.stack}>
      <Skeleton height={150} />
      <div className={classes.pair}>
        <Skeleton height={310} />
        <Skeleton height={310} />
      </div>
      <Skeleton height={180} />
    </div>
  );
}
