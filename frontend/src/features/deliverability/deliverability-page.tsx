/** `/deliverability`: do our messages arrive, what holds them, and what waits for what. */
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconSend } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { DaysPanel } from "./days-panel";
import classes from "./deliverability.module.css";
import { type Health, type Line, type Stream, areMany, healthQuery } from "./queries";
import { ReceiversPanel } from "./receivers-panel";
import { StreamPanel } from "./stream-panel";
import { WaitingPanel } from "./waiting-panel";

type Props = {
  /** The stream whose days and receivers are shown, as `EMAIL.MARKETING`. */
  chosen?: string;
  onChoose: (line: string) => void;
};

export function DeliverabilityPage({ chosen, onChoose }: Props) {
  const { t } = useTranslation("deliverability");
  const { moment } = useFormats();
  const query = useQuery(healthQuery);
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={<Title health={query.data} />}
        subtitle={query.data && t("counted", { when: moment(query.data.counted_until) })}
      />
      <Loaded query={query}>
        {(health) =>
          health.streams.length ? (
            <Opened health={health} chosen={chosen} onChoose={onChoose} />
          ) : (
            <Panel>
              <EmptyFace
                icon={<IconSend size={28} stroke={1.5} />}
                title={t("no_senders")}
                detail={t("no_senders_detail")}
                action={
                  <LinkButton to="/settings/$section" params={{ section: "senders" }}>
                    {t("open_senders")}
                  </LinkButton>
                }
              />
            </Panel>
          )
        }
      </Loaded>
    </>
  );
}

/** The worst that is true, in one sentence. */
function Title({ health }: { health: Health | undefined }) {
  const { t } = useTranslation("deliverability");
  if (!health || health.streams.length === 0) return <>{t("document")}</>;
  const held = health.streams.filter((stream) => stream.hold).length;
  if (held) return <>{t("title.held", { count: held })}</>;
  const leaving = health.streams.filter((stream) => stream.leaves);
  if (leaving.length === 0) return <>{t("title.captured")}</>;
  if (leaving.every((stream) => stream.last_30_days.sent === 0)) return <>{t("title.quiet")}</>;
  const isNear = leaving.some((stream) => areMany(stream.last_30_days, health.limits));
  return <>{t(isNear ? "title.near" : "title.well")}</>;
}

const nameOf = ({ channel, stream }: Line) => `${channel}.${stream}`;

function Opened({ health, chosen, onChoose }: Props & { health: Health }) {
  const { t } = useTranslation(["deliverability", "common"]);
  const counted = health.streams.filter(({ channel }) => channel === "EMAIL" || channel === "SMS");
  const line = counted.find((stream) => nameOf(stream) === chosen) ?? counted[0];
  const words = (stream: Stream) => `${t(`common:channel.${stream.channel}`)} · ${t(`stream.${stream.stream}`)}`;
  return (
    <div className={classes.stack}>
      <div className={classes.streams}>
        {counted.map((stream) => (
          <StreamPanel key={stream.sender_id} stream={stream} limits={health.limits} />
        ))}
      </div>
      <WaitingPanel />
      {line && (
        <>
          {counted.length > 1 && (
            <SegmentedControl
              className={classes.lines}
              aria-label={t("line")}
              value={nameOf(line)}
              onChange={onChoose}
              data={counted.map((stream) => ({ value: nameOf(stream), label: words(stream) }))}
            />
          )}
          <DaysPanel line={line} />
          <ReceiversPanel line={line} />
        </>
      )}
    </div>
  );
}
