/**
 * One person on the line: name and number large, the words to say, the stamp of the register, the clock, and what came of it.
 * The gate is asked again every ten seconds; once it says no, number and script are gone and a red stripe says why (C-14).
 */
import { Button } from "@mantine/core";
import { IconBan, IconPhone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { phone, useFormats } from "@/lib/formats";
import { EmptyFace, Late, ProblemFace, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { asProblem } from "@/api/problem";
import classes from "./calls.module.css";
import { FactsPanel } from "./facts-panel";
import { OutcomePanel } from "./outcome-panel";
import { callOptions, leaseOptions, useGiveBack, useNextCall, type Call } from "./queries";
import { ScriptPanel } from "./script-panel";
import { Stamps } from "./stamps";
import { nameOf, useCallWords } from "./words";

type Props = { id: string; onCall: (id: string) => void; onList: () => void };

export function CallPage({ id, ...go }: Props) {
  const { t } = useTranslation("calls");
  const call = useQuery(callOptions(id));
  if (call.data) return <OpenCall key={id} call={call.data} {...go} />;
  const isGone = call.error && asProblem(call.error).status === 404;
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("document")} eyebrow={<Link to="/calls">{t("back")}</Link>} />
      <Panel>
        {isGone && (
          <EmptyFace
            icon={<IconPhone size={28} stroke={1.5} />}
            title={t("gone.title")}
            detail={t("gone.detail")}
            action={<LinkButton to="/calls">{t("back")}</LinkButton>}
          />
        )}
        {call.error && !isGone && <ProblemFace error={call.error} onRetry={() => void call.refetch()} />}
        {!call.error && (
          <Late>
            <SkeletonRows rows={8} />
          </Late>
        )}
      </Panel>
    </>
  );
}

function OpenCall({ call, onCall, onList }: { call: Call } & Omit<Props, "id">) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const words = useCallWords();
  const next = useNextCall();
  const giveBack = useGiveBack(call.id);
  useQuery(leaseOptions(call.id));
  const goOn = () =>
    next.mutate(undefined, {
      onSuccess: (offer) => {
        const passedOver = words.passedOver(offer, formats);
        if (passedOver) tell(passedOver);
        if (offer.call) return onCall(offer.call.id);
        tell(offer.next_due_at ? t("nobody_until", { when: formats.from(offer.next_due_at) }) : t("nobody"));
        onList();
      },
      onError: (error) => {
        tellProblem(error);
        onList();
      },
    });
  const putBack = (then: () => void) =>
    giveBack.mutate(undefined, { onSuccess: then, onError: (error) => (asProblem(error).status === 404 ? then() : tellProblem(error)) });
  const name = nameOf(call.person, t("no_name"));
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        eyebrow={
          <>
            <Link to="/calls">{t("back")}</Link>
            {call.touch_name && ` · ${call.touch_name}`}
          </>
        }
        title={<span className={classes.name}>{name}</span>}
        actions={
          call.may_call ? (
            <>
              <Button
                onClick={() =>
                  putBack(() => {
                    tell(t("not_now_done"));
                    onList();
                  })
                }
                loading={giveBack.isPending}
              >
                {t("not_now")}
              </Button>
              {call.number && (
                <Button size="lg" variant="filled" component="a" href={`tel:${call.number}`} leftSection={<IconPhone size={22} stroke={1.75} />}>
                  {t("call", { number: phone(call.number) })}
                </Button>
              )}
            </>
          ) : (
            <Button size="lg" variant="filled" onClick={() => putBack(goOn)} loading={giveBack.isPending || next.isPending}>
              {t("next")}
            </Button>
          )
        }
      />
      {call.refusal && (
        <div role="alert" className={classes.stop}>
          <IconBan size={22} stroke={2} aria-hidden />
          <div>
            <b>{t("dont")}</b>
            <div>{words.refusal(call.refusal)}</div>
          </div>
        </div>
      )}
      {call.may_call && <Stamps call={call} />}
      <div className={classes.columns}>
        {call.script && <ScriptPanel script={call.script} />}
        <OutcomePanel call={call} name={name} onDone={goOn} isGoingOn={next.isPending} />
        <FactsPanel call={call} />
      </div>
    </>
  );
}
