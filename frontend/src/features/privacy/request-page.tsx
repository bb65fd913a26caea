/** `/privacy/requests/$id?step=`: one request, from who asks to what was answered; its clock and its history stay in sight. */
import { useQuery } from "@tanstack/react-query";
import { Link, linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Steps } from "@/ui/steps";
import { AnswerStep } from "./answer-step";
import { IdentityStep } from "./identity-step";
import { requestQuery, type PrivacyRequest } from "./queries";
import { RequestAside } from "./request-aside";
import { RequestMenu } from "./request-menu";
import { RequestState } from "./request-state";
import { isClosed, isDone, lockOf, openingStep, steps, type Step } from "./steps";
import { WorkStep } from "./work-step";
import classes from "./privacy.module.css";

type Props = { id: string; step?: Step; onStep: (step: Step) => void };

export function RequestPage(props: Props) {
  const query = useQuery(requestQuery(props.id));
  return <Loaded query={query}>{(request) => <Opened {...props} request={request} />}</Loaded>;
}

function Opened({ request, step, onStep }: Props & { request: PrivacyRequest }) {
  const { t } = useTranslation("privacy");
  const { relativeDay } = useFormats();
  const mayWrite = useMay("privacy:write");
  const wanted = step ?? openingStep(request);
  const current = lockOf(wanted, request) ? openingStep(request) : wanted;
  const editing = { request, isEditable: mayWrite && !isClosed(request) };
  const bodies: Record<Step, ReactNode> = {
    identity: <IdentityStep {...editing} onDone={() => onStep("work")} />,
    work: <WorkStep {...editing} onDone={() => onStep("answer")} />,
    answer: <AnswerStep {...editing} onDone={() => onStep("answer")} />,
  };
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        eyebrow={<Link to="/privacy/requests">{t("document")}</Link>}
        title={t(`asks.${request.kind}`, { who: request.customer_name || request.claimed_identity || t("somebody") })}
        beside={<RequestState request={request} />}
        subtitle={`${t("facts.channel")} ${relativeDay(request.received_on)}, ${t(`channel.${request.channel}`)}`}
        actions={editing.isEditable && <RequestMenu request={request} />}
      />
      <Steps
        label={t("step.label")}
        current={current}
        steps={steps.map((each) => {
          const lock = lockOf(each, request);
          return {
            key: each,
            word: each === "work" ? t(`step.work.${request.kind}`) : t(`step.${each}`),
            isDone: isDone(each, request),
            lock: lock && t(lock),
            link: linkOptions({ to: "/privacy/requests/$id", params: { id: request.id }, search: { step: each } }),
          };
        })}
      />
      <div className={classes.columns}>
        <div className={classes.stack}>{bodies[current]}</div>
        <RequestAside request={request} />
      </div>
    </>
  );
}
