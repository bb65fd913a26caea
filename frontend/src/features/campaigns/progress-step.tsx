/** Live progress: one bar for everybody planned, the rate, the end, and the brakes. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { StateBar, fillOf } from "@/ui/state-bar";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./campaigns.module.css";
import { DoubtPanel } from "./doubt-panel";
import { useProgressParts } from "./progress-bar";
import { type Campaign, type Progress, useCampaignAct } from "./queries";
import { SendAgain } from "./send-again";
import { handedOver, secondsLeft } from "./steps";
import { WaitsPanel } from "./waits-panel";

export function ProgressStep({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const progress = campaign.progress;
  if (!progress) {
    return (
      <Panel>
        <PanelBody pt="lg">
          <p className={classes.lead}>{t("progress.waiting")}</p>
        </PanelBody>
      </Panel>
    );
  }
  return (
    <div className={classes.stack}>
      <Panel>
        <PanelBody pt="lg">
          <Heading campaign={campaign} progress={progress} />
          <Parts progress={progress} />
        </PanelBody>
        <PanelRow>
          <Controls campaign={campaign} waiting={handedOver(progress).waiting + progress.deferred} />
        </PanelRow>
      </Panel>
      <WaitsPanel campaign={campaign} />
      {progress.unknown > 0 && <DoubtPanel campaign={campaign} />}
    </div>
  );
}

function Heading({ campaign, progress }: { campaign: Campaign; progress: Progress }) {
  const { t } = useTranslation("campaigns");
  const { number, decimal, time } = useFormats();
  const { done, of } = handedOver(progress);
  const left = secondsLeft(progress);
  const values = { count: done, formatted: number(done), sent: number(done), planned: number(of) };
  const isSending = campaign.state === "sending";
  return (
    <>
      <p className={classes.lead} role="status" data-state={campaign.state}>
        {isSending && progress.is_planning && done === 0 ? t("progress.waiting") : t(`progress.${campaign.state}`, values)}
      </p>
      <Text size="sm" c="dimmed" mb="sm" h={20}>
        {isSending && progress.rate_per_second > 0 && t("progress.rate", { rate: decimal(progress.rate_per_second) })}
        {isSending && left !== null && <> · {t("progress.ends", { when: time(new Date(Date.now() + left * 1_000)) })}</>}
      </Text>
    </>
  );
}

function Parts({ progress }: { progress: Progress }) {
  const { number } = useFormats();
  const parts = useProgressParts(progress);
  return (
    <>
      <StateBar parts={parts} height={22} />
      <div className={classes.figures}>
        {parts
          .filter((part, index) => part.value > 0 || index === 0)
          .map((part) => (
            <div key={part.label} className={classes.figure}>
              <b>{number(part.value)}</b>
              <span>
                <i style={{ background: fillOf(part.tone) }} aria-hidden />
                {part.label}
              </span>
            </div>
          ))}
      </div>
    </>
  );
}

function Controls({ campaign, waiting }: { campaign: Campaign; waiting: number }) {
  const { t } = useTranslation("campaigns");
  const { number } = useFormats();
  const act = useCampaignAct(campaign.id);
  const [isCancelling, cancelling] = useDisclosure(false);
  const perform = (what: "pause" | "resume" | "cancel") =>
    act.mutate({ act: what }, { onSuccess: (after) => say(what, after?.progress), onError: tellProblem, onSettled: cancelling.close });
  /** A stop acts at once; what was already handed over is said, because nobody can take it back. */
  function say(what: "pause" | "resume" | "cancel", after: Progress | null | undefined) {
    if (!after || what === "resume") return;
    const { done } = handedOver(after);
    tell(t(`progress.after_${what}`, { count: done, formatted: number(done) }));
  }
  const isLive = campaign.state === "sending" || campaign.state === "paused";
  return (
    <div className={classes.grace}>
      {campaign.state === "sending" && (
        <Button variant="filled" leftSection={<IconPlayerPause size={16} />} loading={act.isPending} onClick={() => perform("pause")}>
          {t("progress.pause")}
        </Button>
      )}
      {campaign.state === "paused" && (
        <Button variant="filled" leftSection={<IconPlayerPlay size={16} />} loading={act.isPending} onClick={() => perform("resume")}>
          {t("progress.resume")}
        </Button>
      )}
      {isLive && (
        <Button leftSection={<IconX size={16} />} onClick={cancelling.open}>
          {t("progress.cancel")}
        </Button>
      )}
      {!isLive && (
        <LinkButton variant="filled" to="/campaigns/$id" params={{ id: campaign.id }} search={{ step: "results" }}>
          {t("progress.see_results")}
        </LinkButton>
      )}
      <LinkButton to="/campaigns/$id" params={{ id: campaign.id }} search={{ step: "recipients" }}>
        {t("progress.see_recipients")}
      </LinkButton>
      <SendAgain campaign={campaign} />
      <ConfirmModal
        isOpen={isCancelling}
        onClose={cancelling.close}
        title={t("progress.cancel_title")}
        verb={t("progress.cancel_confirm")}
        isHarmful
        isBusy={act.isPending}
        onConfirm={() => perform("cancel")}
      >
        <Text>{t("progress.cancel_detail", { count: waiting, formatted: number(waiting) })}</Text>
      </ConfirmModal>
    </div>
  );
}
