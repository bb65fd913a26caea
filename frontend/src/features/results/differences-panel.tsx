/** The differences with the control group: one row per metric, zero lines aligned, ends drawn exactly where the words say. */
import { Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { IntervalRow, type IntervalTone, toneOf } from "@/ui/interval-row";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { alignedDomains, type Domain, type Interval, isDrawable } from "./interval-scale";
import type { Difference } from "./queries";
import classes from "./results.module.css";
import { endText, estimateText, harmOf } from "./words";

export function DifferencesPanel({ differences, currency }: { differences: Difference[]; currency: string }) {
  const { t } = useTranslation("results");
  const drawable = differences.filter(isDrawable);
  const domains = alignedDomains(drawable, { sharedScale: false });
  return (
    <Panel title={t("differences.title")} more={<Text className={classes.quiet}>{t("differences.interval")}</Text>}>
      {differences.length === 0 ? (
        <PanelBody c="dimmed">{t("differences.none")}</PanelBody>
      ) : (
        <>
          {differences.map((difference) => (
            <DifferenceRow
              key={difference.metric}
              difference={difference}
              domain={domains[drawable.findIndex((each) => each.metric === difference.metric)]}
              currency={currency}
            />
          ))}
          <Text className={classes.footnote}>
            {t("differences.note")} {t("differences.points_note")}
          </Text>
        </>
      )}
    </Panel>
  );
}

type RowProps = { difference: Difference; domain: Domain | undefined; currency: string };

function DifferenceRow({ difference, domain, currency }: RowProps) {
  const { t } = useTranslation("results");
  const tone = isDrawable(difference) ? toneOf(difference.low, difference.high, harmOf(difference.metric)) : "stone";
  return (
    <PanelRow className={classes.difference}>
      <div>
        <Text fw={600} className={classes.metric}>
          {tone === "denied" && <IconAlertTriangle size={15} stroke={2} className={classes.alarm} aria-hidden />}
          {t(`metric.${difference.metric}`)}
        </Text>
        <Text size="xs" c="dimmed">
          {difference.note ?? t(`metric.${difference.metric}_help`)}
        </Text>
      </div>
      {isDrawable(difference) && domain ? (
        <Drawn difference={difference} domain={domain} currency={currency} tone={tone} />
      ) : (
        <Text size="xs" c="dimmed" className={classes.untold}>
          {t("differences.untold")}
        </Text>
      )}
    </PanelRow>
  );
}

type DrawnProps = { difference: Difference & Interval; domain: Domain; currency: string; tone: IntervalTone };

function Drawn({ difference, domain, currency, tone }: DrawnProps) {
  const { t } = useTranslation("results");
  const formats = useFormats();
  const { estimate, low, high, unit } = difference;
  const words = { estimate: estimateText(difference, currency, formats, t), low: endText(low, unit, formats), high: endText(high, unit, formats) };
  return (
    <>
      <IntervalRow estimate={estimate} low={low} high={high} domain={domain} tone={tone} words={words} width={250} height={34} />
      <div className={classes.figures}>
        <Text fw={650}>{words.estimate}</Text>
        <Text size="xs" c="dimmed">
          {t("differences.between", words)}
        </Text>
      </div>
    </>
  );
}
