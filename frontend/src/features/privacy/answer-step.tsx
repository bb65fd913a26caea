/** The answer: an outcome, a reason where it is not a full yes, a letter. What was granted is done at once. */
import { Button, Radio, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { fieldErrors, FormAlert } from "@/ui/form";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { ErasureProof } from "./erasure-proof";
import classes from "./privacy.module.css";
import { letterHref, useRequestAct, type Answer, type Outcome, type PrivacyRequest } from "./queries";
import { hasPack, isClosed } from "./steps";
import { useWho } from "./words";

const outcomes: Outcome[] = ["GRANTED", "PARTLY", "REFUSED"];

type Props = { request: PrivacyRequest; isEditable: boolean; onDone: () => void };

export function AnswerStep(props: Props) {
  if (isClosed(props.request)) return <Answered request={props.request} />;
  return props.isEditable ? <AnswerForm {...props} /> : <NotYet />;
}

function NotYet() {
  const { t } = useTranslation("privacy");
  return (
    <Panel>
      <PanelBody pt="lg">{t("answer.not_yet")}</PanelBody>
    </Panel>
  );
}

function Answered({ request }: { request: PrivacyRequest }) {
  const { t } = useTranslation("privacy");
  const { longDay } = useFormats();
  const isAnswered = request.state === "answered";
  return (
    <>
      <Panel>
        <PanelBody pt="lg">
          <p className={classes.lead}>{t(isAnswered ? "answer.answered" : "answer.withdrawn", { date: longDay(request.closed_at ?? request.received_on) })}</p>
          {request.outcome && (
            <Text size="sm" c="dimmed">
              {t(`outcome.${request.outcome}`)}
            </Text>
          )}
          {request.answer_reason && <blockquote className={classes.said}>{request.answer_reason}</blockquote>}
        </PanelBody>
        <PanelRow className={classes.onward}>
          <Letter request={request} />
        </PanelRow>
      </Panel>
      {request.kind === "ERASURE" && isAnswered && <ErasureProof requestId={request.id} />}
    </>
  );
}

function Letter({ request }: { request: PrivacyRequest }) {
  const { t } = useTranslation("privacy");
  return (
    <Button component="a" href={letterHref(request.id)} download leftSection={<IconFileText size={16} stroke={1.75} />}>
      {t("answer.read_letter")}
    </Button>
  );
}

function AnswerForm({ request, onDone }: Props) {
  const { t } = useTranslation("privacy");
  const act = useRequestAct(request.id);
  const mayErase = useMay("privacy:erase");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [reason, setReason] = useState("");
  const [letter, setLetter] = useState<Answer["letter"]>(request.customer_id && request.identified_at ? "email" : "print");
  const [isAsking, setAsking] = useState(false);
  const errors = fieldErrors(act.error);
  const obstacle = useObstacle(request, mayErase);
  const isReasonMissing = outcome !== null && outcome !== "GRANTED" && reason.trim().length < 3;
  const doesSomething = outcome !== null && outcome !== "REFUSED" && !hasPack(request) && request.kind !== "RECTIFICATION";

  const send = () =>
    outcome &&
    act.mutate(
      { act: "answer", body: { outcome, letter, reason: outcome === "GRANTED" ? null : reason.trim() } },
      {
        onSuccess: () => {
          tell(t("answer.done"));
          onDone();
        },
        onSettled: () => setAsking(false),
      },
    );

  return (
    <Panel>
      <PanelBody pt="lg">
        <Stack gap="md">
          <div>
            <p className={classes.lead}>{t("answer.lead")}</p>
            <Text size="sm" c="dimmed">
              {t(`answer.does.${request.kind}`)}
            </Text>
          </div>
          <Radio.Group value={outcome} onChange={(chosen) => setOutcome(chosen as Outcome)} aria-label={t("answer.lead")}>
            <Stack gap="sm">
              {outcomes.map((each) => (
                <Radio key={each} value={each} label={t(`outcome.${each}`)} disabled={each !== "REFUSED" && obstacle !== null} description={each !== "REFUSED" ? obstacle : undefined} />
              ))}
            </Stack>
          </Radio.Group>
          {outcome && outcome !== "GRANTED" && (
            <Textarea
              label={t("answer.reason")}
              description={t("answer.reason_help")}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={1000}
              autosize
              minRows={3}
              error={errors.of("reason")}
            />
          )}
          <div>
            <Text size="sm" fw={550} mb={4} id="answer-letter">
              {t("answer.letter")}
            </Text>
            <SegmentedControl
              aria-labelledby="answer-letter"
              value={letter}
              onChange={(chosen) => setLetter(chosen as Answer["letter"])}
              data={[
                { value: "email", label: t("answer.letter_email"), disabled: !request.identified_at || !request.customer_id },
                { value: "print", label: t("answer.letter_print") },
              ]}
            />
          </div>
          <FormAlert errors={errors} />
        </Stack>
      </PanelBody>
      <PanelRow className={classes.onward}>
        <Letter request={request} />
        <Button
          variant="filled"
          color={doesSomething && request.kind === "ERASURE" ? "red.9" : undefined}
          loading={act.isPending}
          disabled={!outcome || isReasonMissing}
          onClick={() => (doesSomething ? setAsking(true) : send())}
        >
          {doesSomething ? t(`answer.grant.${request.kind}`) : t("answer.send")}
        </Button>
      </PanelRow>
      {isAsking && <Confirm request={request} isBusy={act.isPending} onClose={() => setAsking(false)} onConfirm={send} />}
    </Panel>
  );
}

/** Why a yes cannot be given yet, in words; a no needs none of it. */
function useObstacle(request: PrivacyRequest, mayErase: boolean): string | null {
  const { t } = useTranslation("privacy");
  if (!request.identified_at) return t("step.lock_identity");
  if (hasPack(request) && request.customer_id && !request.packs.some(({ state }) => state === "done" || state === "expired")) return t("answer.no_pack");
  return request.kind === "ERASURE" && !mayErase ? t("answer.no_erase") : null;
}

/** Erasing asks for the surname and, from the client itself, for fresh proof of who acts (UX §5, level 3). */
function Confirm({ request, isBusy, onClose, onConfirm }: { request: PrivacyRequest; isBusy: boolean; onClose: () => void; onConfirm: () => void }) {
  const { t } = useTranslation("privacy");
  const name = useWho()(request);
  const isErasure = request.kind === "ERASURE";
  return (
    <ConfirmModal
      isOpen
      onClose={onClose}
      title={t(`confirm.${request.kind}.title`, { name })}
      verb={t(`answer.grant.${request.kind}`)}
      isHarmful={isErasure}
      isBusy={isBusy}
      typed={isErasure ? name.split(" ").at(-1) : undefined}
      onConfirm={onConfirm}
    >
      <Text size="sm">{t(`confirm.${request.kind}.detail`, { name })}</Text>
    </ConfirmModal>
  );
}
