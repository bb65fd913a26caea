/** What waits, since when and for what; what has waited longer than its reason is a good one comes first. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconAlertTriangle, IconMoodSmile, IconPlugConnectedX } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./deliverability.module.css";
import { type Waiting, waitingQuery } from "./queries";

export function WaitingPanel() {
  const { t } = useTranslation("deliverability");
  const query = useQuery(waitingQuery);
  return (
    <Panel title={t("waiting.title")}>
      <Loaded query={query}>
        {({ items, has_worker }) =>
          items.length ? (
            <>
              {!has_worker && (
                <PanelRow className={classes.alarm}>
                  <IconPlugConnectedX size={18} stroke={1.75} aria-hidden />
                  <span role="alert">{t("waiting.nobody_works")}</span>
                </PanelRow>
              )}
              {items.map((each, index) => (
                <Item key={index} waiting={each} />
              ))}
            </>
          ) : (
            <EmptyFace icon={<IconMoodSmile size={28} stroke={1.5} />} title={t("waiting.empty")} detail={t("waiting.empty_detail")} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Item({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation(["deliverability", "common"]);
  const { number, moment, full } = useFormats();
  const place = placeOf(waiting);
  const of = [
    waiting.channel && waiting.stream && `${t(`common:channel.${waiting.channel}`)} · ${t(`stream.${waiting.stream}`)}`,
    waiting.touch_name,
    waiting.receiver && t(`receiver.${waiting.receiver}`, { defaultValue: waiting.receiver }),
  ].filter(Boolean);
  return (
    <PanelRow className={classes.item}>
      <div>
        <b>{t(`waiting.kind.${waiting.kind}`, { count: waiting.count, formatted: number(waiting.count) })}</b>: <span>{t(`waiting.reason.${waiting.reason}`)}</span>
        {of.length > 0 && (
          <Text size="xs" c="dimmed">
            {of.join(" · ")}
          </Text>
        )}
      </div>
      {waiting.is_stuck && <ToneBadge tone="bad" icon={IconAlertTriangle} word={t("waiting.stuck")} />}
      <Text size="sm" c="dimmed" title={full(waiting.next_at ?? waiting.oldest_at)}>
        {waiting.next_at
          ? t(waiting.reason === "later" ? "waiting.due" : "waiting.next", { when: moment(waiting.next_at) })
          : t("waiting.since", { when: moment(waiting.oldest_at) })}
      </Text>
      {place && (
        <LinkButton size="xs" variant="subtle" {...place}>
          {t("common:act.open")}
        </LinkButton>
      )}
    </PanelRow>
  );
}

function placeOf({ kind, touch_id }: Waiting) {
  if (kind === "in_doubt") return linkOptions({ to: "/messages", search: { status: "unknown", touch: touch_id ?? undefined } });
  if (kind === "messages") return linkOptions({ to: "/messages", search: { status: "queued", touch: touch_id ?? undefined } });
  return null;
}
