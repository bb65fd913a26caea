/** What happened to one message, step by step: each attempt, what the server said in its own words, and when it tries again. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { MessageStatus } from "@/ui/message-status";
import classes from "./messages.module.css";
import type { Message } from "./queries";

type Step = Message["history"][number] & { /** Which hand-over this is, counted from one. */ attempt: number; isPutOff: boolean };

/** What the server notes when a person sent it once more. */
const sentAgain = "SENT_AGAIN";
const waits = ["queued", "deferred", "planned"];

export function MessageHistory({ message }: { message: Message }) {
  const { t } = useTranslation("messages");
  const { moment, full } = useFormats();
  const steps = numbered(message.history);
  const last = steps.findLast((step) => step.status === "sending");
  const isAhead = waits.includes(message.status) && Date.parse(message.due_at) > Date.now();
  return (
    <ol className={classes.history}>
      {steps.map((step, index) => (
        <li key={index}>
          <span title={full(step.at)}>{moment(step.at)}</span>
          <MessageStatus status={step.status} />
          <div>
            <StepWords step={step} />
            {step === last && message.handoff_decision && (
              <Text size="xs" c="dimmed">
                {t("history.asked_again")}: {message.handoff_decision.sentence || t("history.yes")} ({message.handoff_decision.rule_id})
              </Text>
            )}
            {step.detail && step.detail !== sentAgain && (
              <blockquote className={classes.server} lang="en">
                {step.detail}
              </blockquote>
            )}
          </div>
        </li>
      ))}
      {isAhead && (
        <li>
          <span title={full(message.due_at)}>{moment(message.due_at)}</span>
          <Text size="sm" className={classes.ahead}>
            {t("history.next")}
          </Text>
        </li>
      )}
      {steps.length === 0 && !isAhead && <li className={classes.nothing}>{t("history.empty")}</li>}
    </ol>
  );
}

function StepWords({ step }: { step: Step }) {
  const { t } = useTranslation("messages");
  if (step.status === "sending") return <>{t("history.attempt", { count: step.attempt })}</>;
  if (step.detail === sentAgain) return <>{t("history.sent_again")}</>;
  if (step.isPutOff) return <>{t("history.put_off")}</>;
  return null;
}

/** Steps with their attempt; one that waits again right after a hand-over was put off by the server. */
function numbered(history: Message["history"]): Step[] {
  let attempt = 0;
  return history.map((step, index) => {
    if (step.status === "sending") attempt += 1;
    return { ...step, attempt, isPutOff: waits.includes(step.status) && history[index - 1]?.status === "sending" };
  });
}
