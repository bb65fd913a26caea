/** Who came back, day by day: two cumulative curves with their bands. Stone dashed is the control group, always. */
import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { DataTable } from "@/ui/data-table";
import { Panel, PanelBody } from "@/ui/panel";
import { type Arm, bandPoints, dayTicks, labelHeights, linePoints, scales, shareTicks } from "./curve-geometry";
import type { CurveDay } from "./queries";
import classes from "./results.module.css";

const frame = { left: 40, right: 376, top: 12, bottom: 234 };
const ink = { treated: "var(--chart-ink)", control: "var(--chart-stone)" } as const;

export function CurvePanel({ curve, hasControl }: { curve: CurveDay[]; hasControl: boolean }) {
  const { t } = useTranslation("results");
  const [isList, setList] = useState(false);
  return (
    <Panel
      title={t("curve.title")}
      more={
        curve.length > 1 && (
          <Button size="xs" variant="subtle" onClick={() => setList(!isList)}>
            {t(isList ? "as_drawing" : "as_list")}
          </Button>
        )
      }
    >
      {curve.length < 2 ? (
        <PanelBody c="dimmed">{t("curve.empty")}</PanelBody>
      ) : isList ? (
        <CurveList curve={curve} hasControl={hasControl} />
      ) : (
        <CurveDrawing curve={curve} hasControl={hasControl} />
      )}
    </Panel>
  );
}

function useReading(curve: CurveDay[], hasControl: boolean): string {
  const { t } = useTranslation("results");
  const { percent } = useFormats();
  const last = curve.at(-1)!;
  const values = { days: last.day, treated: percent(last.treated), control: percent(last.control) };
  return t(hasControl ? "curve.reading" : "curve.reading_single", values);
}

function CurveDrawing({ curve, hasControl }: { curve: CurveDay[]; hasControl: boolean }) {
  const { t } = useTranslation("results");
  const { percent } = useFormats();
  const reading = useReading(curve, hasControl);
  const last = curve.at(-1)!;
  const place = scales(curve, frame, last.day);
  const ticks = shareTicks(curve);
  const digits = ticks.some((share) => !Number.isInteger(Math.round(share * 1000) / 10)) ? 1 : 0;
  const heights = labelHeights(place.y(last.treated), place.y(last.control), frame);
  const arms: Arm[] = hasControl ? ["control", "treated"] : ["treated"];
  return (
    <PanelBody pb="sm">
      <Text size="sm" c="dimmed">
        {reading}
      </Text>
      <svg viewBox="0 0 470 262" width="100%" role="img" aria-label={reading}>
        {ticks.map((share) => (
          <g key={share}>
            <line x1={frame.left} x2={frame.right} y1={place.y(share)} y2={place.y(share)} stroke="var(--line)" />
            <text x={frame.left - 8} y={place.y(share) + 4} textAnchor="end" className={classes.axis}>
              {percent(share, digits)}
            </text>
          </g>
        ))}
        {dayTicks(last.day).map((day) => (
          <text key={day} x={place.x(day)} y={frame.bottom + 19} textAnchor="middle" className={classes.axis}>
            {day === 0 ? t("curve.sent") : t("curve.days", { count: day })}
          </text>
        ))}
        {arms.map((arm) => (
          <polygon key={arm} points={bandPoints(curve, arm, place)} fill={ink[arm]} opacity={0.14} />
        ))}
        {arms.map((arm) => (
          <polyline
            key={arm}
            points={linePoints(curve, arm, place)}
            fill="none"
            stroke={ink[arm]}
            strokeWidth={2.25}
            strokeLinejoin="round"
            strokeDasharray={arm === "control" ? "6 4" : undefined}
          />
        ))}
        {arms.map((arm) => (
          <g key={arm} fill={arm === "control" ? "var(--mantine-color-dimmed)" : ink.treated}>
            <text x={frame.right + 8} y={heights[arm] + 1} className={classes.end}>
              {percent(last[arm])}
            </text>
            <text x={frame.right + 8} y={heights[arm] + 15} className={classes.endName}>
              {t(`curve.${arm}`)}
            </text>
          </g>
        ))}
      </svg>
    </PanelBody>
  );
}

function CurveList({ curve, hasControl }: { curve: CurveDay[]; hasControl: boolean }) {
  const { t } = useTranslation("results");
  const { percent, number } = useFormats();
  const between = (low: number, high: number) => `${percent(low)} – ${percent(high)}`;
  const arms: Arm[] = hasControl ? ["treated", "control"] : ["treated"];
  return (
    <div style={{ maxHeight: 300, overflow: "auto" }}>
      <DataTable
        label={t("curve.title")}
        minWidth={320}
        rows={curve}
        rowKey={(day) => String(day.day)}
        columns={[
          { key: "day", header: t("curve.day"), render: (day) => number(day.day) },
          ...arms.flatMap((arm) => [
            { key: arm, header: t(`curve.${arm}`), align: "right" as const, render: (day: CurveDay) => percent(day[arm]) },
            {
              key: `${arm}-interval`,
              header: t("arms.interval"),
              align: "right" as const,
              isSecondary: true,
              render: (day: CurveDay) => between(day[`${arm}_low`], day[`${arm}_high`]),
            },
          ]),
        ]}
      />
    </div>
  );
}
