/** Step 4: what will happen in numbers, then a start 60 seconds away that can still be stopped on the server. */
import { Button, Popover, Text } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconClock, IconHandStop, IconSend } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./campaigns.module.css";
import { type Campaign, type Rehearsal, rehearsalQuery, useCampaignAct } from "./queries";

const GRACE_SECONDS = 60;

export function ApproveStep({ campaign, onStarted }: { campaign: Campaign; onStarted: () => void }) {
  const query = useQuery(rehearsalQuery(campaign.id));
  return <Loaded query={query}>{(rehearsal) => rehearsal && <Approval campaign={campaign} rehearsal={rehearsal} onStarted={onStarted} />}</Loaded>;
}

type Props = { campaign: Campaign; rehearsal: Rehearsal; onStarted: () => void };

function Approval({ campaign, rehearsal, onStarted }: Props) {
  const { t } = useTranslation("campaigns");
  const { number, money } = useFormats();
  const people = { count: rehearsal.will_receive, formatted: number(rehearsal.will_receive), money: money(rehearsal.cost) };
  useWhenStarted(campaign.state, onStarted);
  return (
    <Panel maw={820}>
      <PanelBody pt="lg">
        <p className={classes.lead}>{t("approve.title", people)}</p>
        <Text c="dimmed" mb="md">
          {t("approve.note")}
        </Text>
        <Summary campaign={campaign} rehearsal={rehearsal} />
      </PanelBody>
      <PanelRow>
        {campaign.state === "scheduled" ? (
          <Scheduled campaign={campaign} rehearsal={rehearsal} onStarted={onStarted} />
        ) : campaign.state === "draft" ? (
          <Approve campaign={campaign} people={people} />
        ) : (
          <Text c="dimmed">{t(`state.${campaign.state}`)}</Text>
        )}
      </PanelRow>
    </Panel>
  );
}

/** When the server's minute is over the page follows the campaign to its progress. */
function useWhenStarted(state: Campaign["state"], onStarted: () => void): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "scheduled" && state !== "scheduled" && state !== "draft") onStarted();
    before.current = state;
  }, [state, onStarted]);
}

function Summary({ campaign, rehearsal }: { campaign: Campaign; rehearsal: Rehearsal }) {
  const { t } = useTranslation(["campaigns", "common"]);
  const { number, percent } = useFormats();
  const share = Number(campaign.control_share);
  const control = { count: rehearsal.control, formatted: number(rehearsal.control), share: percent(share, 0) };
  const facts = [
    [t("approve.audience"), campaign.segment_name],
    [t("approve.template"), campaign.template_name],
    [t("approve.channel"), campaign.channel && t(`common:channel.${campaign.channel}`)],
    [t("approve.control"), share > 0 ? t("approve.control_people", control) : t("approve.control_none")],
    [t("approve.window"), t("approve.window_days", { count: campaign.window_days })],
  ];
  return (
    <dl className={classes.summary}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

function Approve({ campaign, people }: { campaign: Campaign; people: { count: number; formatted: string } }) {
  const { t } = useTranslation("campaigns");
  const act = useCampaignAct(campaign.id);
  const [isChoosing, choosing] = useDisclosure(false);
  const schedule = (at: Date) => act.mutate({ act: "schedule", at: at.toISOString() }, { onError: tellProblem });
  if (people.count === 0) return <Text c="dimmed">{t("approve.nobody")}</Text>;
  return (
    <div className={classes.grace}>
      <Button
        variant="filled"
        leftSection={<IconSend size={16} />}
        loading={act.isPending}
        onClick={() => schedule(new Date(Date.now() + GRACE_SECONDS * 1_000))}
      >
        {t("approve.button", people)}
      </Button>
      <Popover opened={isChoosing} onChange={(open) => !open && choosing.close()} trapFocus returnFocus>
        <Popover.Target>
          <Button leftSection={<IconClock size={16} />} onClick={choosing.toggle}>
            {t("approve.later")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p="lg">
          <Moment
            onChoose={(at) => {
              choosing.close();
              schedule(at);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <Text size="sm" c="dimmed">
        {t("approve.now")}
      </Text>
    </div>
  );
}

function Moment({ onChoose }: { onChoose: (at: Date) => void }) {
  const { t } = useTranslation("campaigns");
  const [at, setAt] = useState<string | null>(null);
  const moment = at ? new Date(at.replace(" ", "T")) : null;
  const isPast = moment !== null && moment.getTime() <= Date.now();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (moment && !isPast) onChoose(moment);
      }}
    >
      <DateTimePicker
        label={t("approve.moment")}
        value={at}
        onChange={setAt}
        minDate={new Date()}
        valueFormat="D MMM YYYY, HH:mm"
        error={isPast && t("approve.past")}
        popoverProps={{ withinPortal: false }}
        w={260}
      />
      <Button mt="md" type="submit" disabled={!moment || isPast}>
        {t("approve.schedule")}
      </Button>
    </form>
  );
}

/** The countdown shows what the server will do: stopping takes the schedule away, whoever closes the page stops nothing. */
function Scheduled({ campaign, rehearsal, onStarted }: Props) {
  const { t } = useTranslation("campaigns");
  const { moment } = useFormats();
  const act = useCampaignAct(campaign.id);
  const left = useSecondsUntil(campaign.scheduled_at);
  const isNear = left <= GRACE_SECONDS;
  const stop = () => act.mutate({ act: "unschedule" }, { onSuccess: () => tell(t("approve.stopped")), onError: tellProblem });
  return (
    <div className={classes.grace}>
      <span className={classes.countdown} role="timer">
        {!isNear ? t("approve.scheduled", { when: moment(campaign.scheduled_at ?? "") }) : left > 0 ? t("approve.grace", { count: left }) : t("approve.starting")}
      </span>
      <Button variant="filled" leftSection={<IconHandStop size={16} />} onClick={stop} loading={act.isPending}>
        {t(isNear ? "approve.stop" : "approve.unschedule")}
      </Button>
      <StartNow campaign={campaign} rehearsal={rehearsal} onStarted={onStarted} />
    </div>
  );
}

function StartNow({ campaign, rehearsal, onStarted }: Props) {
  const { t } = useTranslation("campaigns");
  const { number, money } = useFormats();
  const act = useCampaignAct(campaign.id);
  const [isOpen, { open, close }] = useDisclosure(false);
  // One key for one intent: a second click or a retry is the same launch.
  const [key] = useState(() => crypto.randomUUID());
  const people = { count: rehearsal.will_receive, formatted: number(rehearsal.will_receive), money: money(rehearsal.cost) };
  return (
    <>
      <Button variant="subtle" onClick={open}>
        {t("approve.start_now")}
      </Button>
      <ConfirmModal
        isOpen={isOpen}
        onClose={close}
        title={t("approve.confirm_title")}
        verb={t("approve.confirm_button", people)}
        isBusy={act.isPending}
        onConfirm={() =>
          act.mutate(
            { act: "launch", rehearsalId: rehearsal.id, key },
            {
              onSuccess: () => {
                close();
                onStarted();
              },
              onError: tellProblem,
            },
          )
        }
      >
        <Text>{t("approve.confirm", people)}</Text>
      </ConfirmModal>
    </>
  );
}

function useSecondsUntil(moment: string | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return moment ? Math.max(0, Math.ceil((Date.parse(moment) - now) / 1_000)) : 0;
}
