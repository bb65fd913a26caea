/** What stays beside the steps: the time left, what is known of the request, everything that was done. */
import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ClockRing } from "@/ui/clock-ring";
import { Panel, PanelBody } from "@/ui/panel";
import { Why } from "@/ui/why";
import { toneOf, useClockWords, useDueExplanation } from "./clock";
import classes from "./privacy.module.css";
import type { Clock, PrivacyRequest, RequestEvent } from "./queries";
import { useWho } from "./words";

export function RequestAside({ request }: { request: PrivacyRequest }) {
  return (
    <aside className={classes.stack}>
      {request.clock && <ClockPanel request={request} clock={request.clock} />}
      <FactsPanel request={request} />
      <HistoryPanel events={request.events} />
    </aside>
  );
}

function ClockPanel({ request, clock }: { request: PrivacyRequest; clock: Clock }) {
  const { t } = useTranslation("privacy");
  const { day } = useFormats();
  const words = useClockWords();
  const explanation = useDueExplanation(clock, request.received_on);
  return (
    <Panel title={t("clock.title")} more={<Why explanation={explanation} label={t("clock.why")} />}>
      <PanelBody>
        <div className={classes.big}>
          <ClockRing share={clock.share_left} tone={toneOf(clock)} size={52} />
          <div>
            <b className={clock.is_overdue ? classes.late : undefined}>{words(clock)}</b>
            <Text size="sm" c="dimmed">
              {clock.is_paused && request.paused_on ? t("clock.paused", { date: day(request.paused_on) }) : t("clock.until", { date: day(clock.due_on) })}
            </Text>
          </div>
        </div>
        <dl className={classes.facts} style={{ marginTop: 12 }}>
          <Fact label={t("clock.target")}>{day(clock.target_on)}</Fact>
          {request.extended_on && <Fact label={t("clock.extended")}>{t("clock.extended_on", { date: day(request.extended_on) })}</Fact>}
          {request.paused_days > 0 && <Fact label={t("clock.paused_days")}>{request.paused_days}</Fact>}
        </dl>
        {clock.is_paused && request.pause_reason && <p className={classes.said}>{request.pause_reason}</p>}
        {request.extension_reason && <p className={classes.said}>{request.extension_reason}</p>}
      </PanelBody>
    </Panel>
  );
}

function FactsPanel({ request }: { request: PrivacyRequest }) {
  const { t } = useTranslation("privacy");
  const { day } = useFormats();
  const who = useWho();
  const mayOpen = useMay("customers:read");
  return (
    <Panel title={t("facts.title")}>
      <PanelBody>
        <dl className={classes.facts}>
          <Fact label={t("facts.who")}>
            {request.customer_id && request.customer_name && mayOpen ? (
              <Link to="/customers/$customerId" params={{ customerId: request.customer_id }}>
                {who(request)}
              </Link>
            ) : (
              who(request)
            )}
          </Fact>
          <Fact label={t("facts.channel")}>{`${day(request.received_on)}, ${t(`channel.${request.channel}`)}`}</Fact>
          <Fact label={t("facts.received_by")}>{request.received_by}</Fact>
          <Fact label={t("facts.handler")}>{request.handler_name ?? t("facts.handler_none")}</Fact>
        </dl>
        {request.wish && (
          <>
            <Text size="sm" c="dimmed" mt="sm" mb={4}>
              {t("facts.wish")}
            </Text>
            <blockquote className={classes.said}>{request.wish}</blockquote>
          </>
        )}
        {request.evidence_sha256 && (
          <Text size="sm" mt="sm">
            <a href={`/v1/evidence/${request.evidence_sha256}`} target="_blank" rel="noreferrer">
              {t("facts.open_evidence")}
            </a>
          </Text>
        )}
      </PanelBody>
    </Panel>
  );
}

function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function HistoryPanel({ events }: { events: RequestEvent[] }) {
  const { t } = useTranslation("privacy");
  const { moment } = useFormats();
  return (
    <Panel title={t("history.title")}>
      <PanelBody>
        <ol className={classes.events}>
          {events.map((event, place) => (
            <li key={`${event.at}-${place}`}>
              <span>
                <b>{t(`history.${event.kind}`)}</b>
                <Detail event={event} />
              </span>
              <Text span size="xs" c="dimmed">
                {moment(event.at)} · {event.actor_name}
              </Text>
            </li>
          ))}
        </ol>
      </PanelBody>
    </Panel>
  );
}

/** The codes an event carries, in words; ids say nothing to a reader. */
function Detail({ event: { details } }: { event: RequestEvent }) {
  const { t } = useTranslation("privacy");
  const said = [details.method && t(`identity.method.${details.method}`), details.outcome && t(`outcome.${details.outcome}`)].filter(Boolean);
  return said.length > 0 ? <>: {said.join(", ")}</> : null;
}
