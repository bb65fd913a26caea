import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { DataTable } from "@/ui/data-table";
import { Panel, PanelBody } from "@/ui/panel";
import { TrendLine } from "@/ui/trend-line";
import type { Trend } from "./queries";

/** The mean score week by week; one point is no trend. */
export function TrendPanel({ trend }: { trend: Trend }) {
  const { t } = useTranslation("quality");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const [isList, setList] = useState(false);
  const points = trend.flatMap(({ on, mean_score }) => (mean_score === null ? [] : [{ on, value: mean_score }]));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) {
    return (
      <Panel title={t("trend.title")}>
        <PanelBody c="dimmed">{t("trend.empty")}</PanelBody>
      </Panel>
    );
  }
  const reading = t("trend.reading", { from: formats.number(first.value), to: formats.number(last.value), since: formats.day(first.on) });
  return (
    <Panel
      title={t("trend.title")}
      more={
        <Button size="xs" variant="subtle" onClick={() => setList(!isList)}>
          {tc(isList ? "act.as_drawing" : "act.as_list")}
        </Button>
      }
    >
      {isList ? (
        <div style={{ maxHeight: 260, overflow: "auto" }}>
          <DataTable
            label={t("trend.title")}
            minWidth={260}
            rows={[...trend].reverse()}
            rowKey={(point) => point.on}
            columns={[
              { key: "on", header: t("trend.week"), render: (point) => formats.day(point.on) },
              { key: "cards", header: t("cards"), align: "right", render: (point) => formats.number(point.cards) },
              { key: "score", header: t("score"), align: "right", render: (point) => (point.mean_score === null ? "–" : formats.number(point.mean_score)) },
            ]}
          />
        </div>
      ) : (
        <PanelBody>
          <Text size="sm" c="dimmed">
            {reading}
          </Text>
          <TrendLine points={points} max={100} reading={reading} dayWords={formats.day} valueWords={formats.number} />
        </PanelBody>
      )}
    </Panel>
  );
}
