/** Who waits to be called, by campaign, and the one big button (D-T1…D-T9). Names and numbers come one at a time. */
import { Alert, Button } from "@mantine/core";
import { IconPhone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Late, ProblemFace, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import { CallbacksPanel } from "./callbacks-panel";
import classes from "./calls.module.css";
import { ListsPanel } from "./lists-panel";
import { useNextCall, waitingOptions, type Offer, type Waiting } from "./queries";
import { useCallWords } from "./words";

type Props = { onCall: (id: string) => void };

export function CallsPage({ onCall }: Props) {
  const waiting = useQuery(waitingOptions);
  const next = useNextCall();
  const [last, setLast] = useState<Offer | null>(null);
  const take = (touch?: string) =>
    next.mutate(touch, {
      onSuccess: (offer) => (offer.call ? onCall(offer.call.id) : setLast(offer)),
      onError: tellProblem,
    });
  const { t } = useTranslation("calls");
  return (
    <>
      {waiting.data ? (
        <Heading waiting={waiting.data} onNext={() => take()} onResume={onCall} isBusy={next.isPending} />
      ) : (
        <PageHeader documentTitle={t("document")} title={t("document")} />
      )}
      <div className={classes.stack}>
        {last && <PassedOver offer={last} />}
        {waiting.data && <CallbacksPanel callbacks={waiting.data.callbacks} />}
        {waiting.data ? (
          <Lists waiting={waiting.data} onNext={take} isBusy={next.isPending} />
        ) : (
          <Panel>
            {waiting.error ? (
              <ProblemFace error={waiting.error} onRetry={() => void waiting.refetch()} />
            ) : (
              <Late>
                <SkeletonRows rows={4} height={72} />
              </Late>
            )}
          </Panel>
        )}
      </div>
    </>
  );
}

type HeadingProps = { waiting: Waiting; onNext: () => void; onResume: (id: string) => void; isBusy: boolean };

function Heading({ waiting, onNext, onResume, isBusy }: HeadingProps) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const { due_count: due, later_count: later, open_call_id: open, next_due_at: nextAt } = waiting;
  const title = due ? t("heading", { count: due, number: formats.number(due) }) : t("heading_none");
  return (
    <PageHeader
      documentTitle={t("document")}
      title={open ? t("heading_in_hand") : title}
      subtitle={later > 0 && nextAt && t("later", { count: later, number: formats.number(later), when: formats.from(nextAt) })}
      actions={
        (open || due > 0) && (
          <Button
            size="lg"
            variant="filled"
            leftSection={<IconPhone size={22} stroke={1.75} />}
            onClick={() => (open ? onResume(open) : onNext())}
            loading={isBusy}
          >
            {t(open ? "resume" : "next")}
          </Button>
        )
      }
    />
  );
}

function PassedOver({ offer }: { offer: Offer }) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const words = useCallWords();
  return (
    <Alert role="status" title={offer.next_due_at ? t("nobody_until", { when: formats.from(offer.next_due_at) }) : t("nobody")}>
      {words.passedOver(offer, formats)}
    </Alert>
  );
}

function Lists({ waiting, onNext, isBusy }: { waiting: Waiting; onNext: (touch?: string) => void; isBusy: boolean }) {
  const { t } = useTranslation("calls");
  if (waiting.touches.length > 0) return <ListsPanel lists={waiting.touches} onNext={onNext} isBusy={isBusy} />;
  return (
    <Panel>
      <EmptyFace
        icon={<IconPhone size={28} stroke={1.5} />}
        title={t("empty.title")}
        detail={t("empty.detail")}
        action={<LinkButton to="/campaigns">{t("empty.act")}</LinkButton>}
      />
    </Panel>
  );
}
