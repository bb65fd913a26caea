import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel, PanelBody } from "@/ui/panel";
import { Why } from "@/ui/why";
import classes from "./card.module.css";
import type { Card } from "./queries";

/** Why they are due, or when they would be: the server's sentence, with the figures behind it. */
export function WhyToday({ card }: { card: Card }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const { score } = card;
  if (!score) return null;
  const isDue = score.stage === "due" || score.stage === "late";
  return (
    <Panel title={t(isDue ? "why_today" : "why_then")} highlighted={isDue}>
      <PanelBody>
        <Text className={classes.sentence}>{score.reason}.</Text>
        <Text size="sm" c="dimmed" mt={6} mb={10}>
          {t(`stage.${score.stage}`)} {t("stage_since", { day: formats.day(score.stage_since) })}
        </Text>
        <Why
          explanation={{
            sentence: t("why_score", { from: formats.day(score.likely_from), to: formats.day(score.likely_to) }),
            facts: [
              { label: t("fact.due_on"), value: formats.day(score.due_on, "long") },
              { label: t("fact.alive"), value: formats.percent(score.p_alive, 0) },
              ...(score.next_on ? [{ label: t("fact.next_on"), value: formats.day(score.next_on, "long") }] : []),
              { label: t("fact.visits"), value: formats.number(card.profile?.visit_days ?? 0) },
            ],
            asOf: formats.longDay(score.as_of),
          }}
        />
      </PanelBody>
    </Panel>
  );
}
