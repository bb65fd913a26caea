/** One stream: a verdict in a sentence, what holds it, how warm it is, and its rates against their limits. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconHome, IconPlayerPause, IconPlayerPlay, IconTool } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { ShareBar } from "@/ui/share-bar";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./deliverability.module.css";
import { ReasonModal } from "./reason-modal";
import { type Hold, type Limits, type Stream, areMany } from "./queries";
import { Rates } from "./rates";

type Props = { stream: Stream; limits: Limits };

export function StreamPanel({ stream, limits }: Props) {
  const { t } = useTranslation(["deliverability", "common"]);
  const mayWrite = useMay("messages:write");
  const [isHolding, holding] = useDisclosure(false);
  const faults = stream.checks.filter((check) => check.state === "failed" || check.state === "warning").length;
  return (
    <Panel
      title={
        <span className={classes.name}>
          <ChannelIcon channel={stream.channel} />
          {t(`common:channel.${stream.channel}`)} · {t(`stream.${stream.stream}`)}
        </span>
      }
      more={<Standing stream={stream} />}
    >
      <PanelBody>
        <p className={classes.verdict}>{stream.hold ? <HoldSentence hold={stream.hold} /> : <Verdict stream={stream} limits={limits} />}</p>
        <Text size="sm" c="dimmed">
          {stream.name} · {stream.address}
        </Text>
      </PanelBody>
      {stream.hold && <Held stream={stream} hold={stream.hold} />}
      {stream.warm_up && <WarmUp warmUp={stream.warm_up} />}
      {stream.last_30_days.sent + stream.last_30_days.bounced + stream.last_30_days.refused > 0 && (
        <PanelRow>
          <Rates stream={stream} limits={limits} />
        </PanelRow>
      )}
      {(faults > 0 || (mayWrite && !stream.hold)) && (
        <PanelRow className={classes.foot}>
          {faults > 0 ? (
            <Link to="/settings/$section" params={{ section: "senders" }}>
              {t("to_mend", { count: faults })}
            </Link>
          ) : (
            <span />
          )}
          {mayWrite && !stream.hold && (
            <Button size="xs" variant="subtle" leftSection={<IconPlayerPause size={15} stroke={1.75} />} onClick={holding.open}>
              {t("hold.act")}
            </Button>
          )}
        </PanelRow>
      )}
      {isHolding && <ReasonModal act="hold" line={stream} onClose={holding.close} />}
    </Panel>
  );
}

function Standing({ stream }: { stream: Stream }) {
  const { t } = useTranslation("deliverability");
  if (stream.hold) return <ToneBadge tone="bad" icon={IconPlayerPause} word={t("state.held")} />;
  if (!stream.leaves) return <ToneBadge tone="quiet" icon={IconHome} word={t("state.kept")} />;
  // What a domain lacks keeps offers alone from leaving (E-07).
  const isRefused = stream.stream === "MARKETING" && stream.checks.some((check) => check.state === "failed");
  if (!stream.is_ready || isRefused) return <ToneBadge tone="bad" icon={IconTool} word={t("state.not_ready")} />;
  return <ToneBadge tone="good" icon={IconCircleCheck} word={t("state.leaves")} />;
}

/** The last day where it says something, the last thirty otherwise. */
function Verdict({ stream: { channel, leaves, last_24h: day, last_30_days: month }, limits }: Props) {
  const { t } = useTranslation("deliverability");
  const { number } = useFormats();
  if (!leaves) return <>{t("verdict.kept")}</>;
  if (month.sent + month.bounced + month.refused === 0) return <>{t("verdict.quiet")}</>;
  if (channel !== "EMAIL") return <>{t("verdict.texts", { delivered: number(month.delivered), bounced: number(month.bounced + month.refused) })}</>;
  const isEnough = day.delivered >= limits.enough_delivered;
  const counts = isEnough ? day : month;
  const isNear = areMany(counts, limits);
  const values = {
    count: counts.complained,
    complained: number(counts.complained),
    delivered: number(counts.delivered),
    bounced: number(counts.bounced),
    limit: number(Math.floor(limits.complaints_24h * counts.delivered)),
  };
  if (isEnough) return <>{t(isNear ? "verdict.near_day" : "verdict.well_day", values)}</>;
  return <>{t(isNear ? "verdict.near_month" : "verdict.well_month", values)}</>;
}

function HoldSentence({ hold }: { hold: Hold }) {
  const { t } = useTranslation("deliverability");
  const { number, percent } = useFormats();
  const { count, of, limit, hours, receiver, note } = hold.details as Record<string, number | string | undefined>;
  if (hold.reason === "BY_HAND") return <>{t("hold.because.BY_HAND", { note })}</>;
  return (
    <>
      {t(`hold.because.${hold.reason}`, {
        count: number(count ?? 0),
        of: number(of ?? 0),
        limit: percent(Number(limit ?? 0), 2),
        when: t(Number(hours) ? "hold.in_hours" : "hold.today", { count: Number(hours ?? 24) }),
        who: receiver ? t(`receiver.${receiver}`, { defaultValue: String(receiver) }) : t("receiver.somebody"),
      })}
    </>
  );
}

function Held({ stream, hold }: { stream: Stream; hold: Hold }) {
  const { t } = useTranslation("deliverability");
  const { moment } = useFormats();
  const mayWrite = useMay("messages:write");
  const [isLifting, lifting] = useDisclosure(false);
  return (
    <PanelRow className={classes.held}>
      <div>
        <b>{t("hold.since", { when: moment(hold.since) })}</b>
        <Text size="sm">{t(`hold.advice.${hold.reason}`)}</Text>
      </div>
      {mayWrite && (
        <Button leftSection={<IconPlayerPlay size={16} stroke={1.75} />} onClick={lifting.open}>
          {t("lift.act")}
        </Button>
      )}
      {isLifting && <ReasonModal act="lift" line={stream} onClose={lifting.close} />}
    </PanelRow>
  );
}

/** A young domain is made known little by little: how many it may write today, and how many it did. */
function WarmUp({ warmUp }: { warmUp: NonNullable<Stream["warm_up"]> }) {
  const { t } = useTranslation("deliverability");
  const { number, day } = useFormats();
  return (
    <PanelRow>
      <div className={classes.warm}>
        <span>{t("warm_up.today", { sent: number(warmUp.sent), allowance: number(warmUp.allowance) })}</span>
        <Text size="xs" c="dimmed">
          {t("warm_up.since", { when: day(warmUp.started_on) })}
        </Text>
      </div>
      <ShareBar share={warmUp.allowance ? warmUp.sent / warmUp.allowance : 0} />
    </PanelRow>
  );
}
