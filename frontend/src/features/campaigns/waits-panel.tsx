/** What of this campaign waits, how many, and for what: a stream that is stopped, a receiver that asked us to slow down, its own hour. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel, PanelRow } from "@/ui/panel";
import classes from "./campaigns.module.css";
import { type Campaign, type Wait, waitsQuery } from "./queries";

/** Reasons that somebody can do something about, where delivery is looked after. */
const toBeLookedAt: Wait["reason"][] = ["stream_held", "receiver_slow", "warm_up", "no_worker"];

export function WaitsPanel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(["campaigns", "deliverability"]);
  const { data: waits = [] } = useQuery(waitsQuery(campaign));
  if (waits.length === 0) return null;
  return (
    <Panel title={t("deliverability:waiting.title")}>
      {waits.map((wait, index) => (
        <WaitRow key={index} wait={wait} />
      ))}
    </Panel>
  );
}

function WaitRow({ wait }: { wait: Wait }) {
  const { t } = useTranslation(["campaigns", "deliverability"]);
  const { number, moment, full } = useFormats();
  return (
    <PanelRow className={classes.doubt} data-held={wait.reason === "stream_held" || undefined}>
      <div>
        <b>{t(`deliverability:waiting.kind.${wait.kind}`, { count: wait.count, formatted: number(wait.count) })}</b>: {t(`deliverability:waiting.reason.${wait.reason}`)}
        {wait.receiver && ` · ${t(`deliverability:receiver.${wait.receiver}`, { defaultValue: wait.receiver })}`}
      </div>
      {wait.next_at && (
        <Text size="sm" c="dimmed" title={full(wait.next_at)}>
          {t("progress.first_at", { when: moment(wait.next_at) })}
        </Text>
      )}
      {toBeLookedAt.includes(wait.reason) && <Link to="/deliverability">{t("progress.see_delivery")}</Link>}
    </PanelRow>
  );
}
