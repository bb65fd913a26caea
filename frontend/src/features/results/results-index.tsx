/** `/results`: one difference per campaign and recall, all on one scale, so that effects can be compared at a glance. */
import { Skeleton, Text } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconChartDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded, ProblemFace } from "@/ui/faces";
import { IntervalRow, toneOf } from "@/ui/interval-row";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelRow } from "@/ui/panel";
import { type Domain, type Interval, alignedDomains, isDrawable } from "./interval-scale";
import { type Difference, type MeasuredTouch, type Results, measuredQuery, resultsQuery } from "./queries";
import classes from "./results.module.css";
import { endText, estimateText } from "./words";

export function ResultsIndex() {
  const { t } = useTranslation("results");
  const query = useQuery(measuredQuery);
  return (
    <>
      <PageHeader documentTitle={t("crumb.results")} title={t("index.title")} subtitle={t("index.lead")} />
      <Panel title={t("metric.conversion")} note={t("index.unit")}>
        <Loaded query={query}>{(touches) => (touches.length ? <Touches touches={touches} /> : <NoMeasure />)}</Loaded>
      </Panel>
    </>
  );
}

function NoMeasure() {
  const { t } = useTranslation("results");
  return (
    <EmptyFace
      icon={<IconChartDots size={28} stroke={1.5} />}
      title={t("index.empty")}
      detail={t("index.empty_detail")}
      action={
        <LinkButton variant="filled" to="/campaigns">
          {t("index.to_campaigns")}
        </LinkButton>
      }
    />
  );
}

function conversionOf(results: Results | undefined): (Difference & Interval) | undefined {
  return results?.differences.filter(isDrawable).find((difference) => difference.metric === "conversion");
}

function Touches({ touches }: { touches: MeasuredTouch[] }) {
  const { t } = useTranslation("results");
  const answers = useQueries({ queries: touches.map((touch) => resultsQuery(touch.kind, touch.id)) });
  const drawn = answers.flatMap((answer) => conversionOf(answer.data) ?? []);
  const [domain = [-1, 1] as Domain] = drawn.length ? alignedDomains(drawn, { sharedScale: true }) : [];
  return (
    <>
      {touches.map((touch, index) => {
        const { data, error, refetch } = answers[index]!;
        return (
          <PanelRow key={touch.id} className={classes.touch}>
            <TouchName touch={touch} />
            {error && !data ? (
              <ProblemFace error={error} onRetry={() => void refetch()} />
            ) : data ? (
              <TouchEffect results={data} difference={conversionOf(data)} domain={domain} />
            ) : (
              <Skeleton height={24} />
            )}
          </PanelRow>
        );
      })}
      <Text className={classes.footnote}>{t("index.zero_note")}</Text>
    </>
  );
}

function TouchName({ touch }: { touch: MeasuredTouch }) {
  const { t } = useTranslation("results");
  return (
    <div>
      <Link to="/results/$kind/$id" params={touch} className={classes.name}>
        {touch.name}
      </Link>
      <Text size="xs" c="dimmed">
        {t(`index.kind.${touch.kind}`)}
      </Text>
    </div>
  );
}

type EffectProps = { results: Results; difference: (Difference & Interval) | undefined; domain: Domain };

function TouchEffect({ results, difference, domain }: EffectProps) {
  const { t } = useTranslation("results");
  const formats = useFormats();
  const when = results.closes_on && t(results.state === "open" ? "index.closes" : "index.closed", { date: formats.day(results.closes_on) });
  if (!difference) {
    return (
      <>
        <Text size="sm" c="dimmed" style={{ gridColumn: "span 2" }}>
          {results.verdict.sentence}
        </Text>
        <Text size="xs" c="dimmed" ta="right">
          {when}
        </Text>
      </>
    );
  }
  const words = {
    estimate: estimateText(difference, results.cost.currency, formats, t),
    low: endText(difference.low, difference.unit, formats),
    high: endText(difference.high, difference.unit, formats),
  };
  return (
    <>
      <IntervalRow
        estimate={difference.estimate}
        low={difference.low}
        high={difference.high}
        domain={domain}
        tone={toneOf(difference.low, difference.high)}
        words={words}
        width={300}
      />
      <div className={classes.figures}>
        <Text fw={650}>{words.estimate}</Text>
        <Text size="xs" c="dimmed">
          {t("differences.between", words)}
        </Text>
      </div>
      <Text size="xs" c="dimmed" ta="right">
        {when}
      </Text>
    </>
  );
}
