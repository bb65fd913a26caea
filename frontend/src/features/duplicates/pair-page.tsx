/** One pair from the queue: compare, then merge, skip or say that these are two people; the next pair opens. */
import { Button, Kbd } from "@mantine/core";
import { IconPlayerTrackNext, IconUsers } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { useKeys } from "@/lib/keys";
import { EmptyFace, Late, ProblemFace, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { Why } from "@/ui/why";
import { Certainty } from "./certainty";
import { telling } from "./choices";
import { CompareScreen } from "./compare-screen";
import classes from "./duplicates.module.css";
import { EvidencePanel } from "./evidence-panel";
import { pairOptions, queueOptions, useDecide, type Pair, type PairDetail, type Verdict } from "./queries";
import { usePairWords } from "./values";

type Props = { pairId: string; onPair: (pairId: string) => void; onQueue: () => void };

export function PairPage({ pairId, ...go }: Props) {
  const { t } = useTranslation("duplicates");
  const pair = useQuery(pairOptions(pairId));
  if (pair.data) return pair.data.state === "merged" ? <MergedPair pair={pair.data} /> : <OpenPair pair={pair.data} {...go} />;
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("question_open")} eyebrow={<ToQueue />} />
      <Panel>
        {pair.error ? (
          <ProblemFace error={pair.error} onRetry={() => void pair.refetch()} />
        ) : (
          <Late>
            <SkeletonRows rows={9} />
          </Late>
        )}
      </Panel>
    </>
  );
}

function ToQueue({ place }: { place?: string }) {
  const { t } = useTranslation("duplicates");
  return (
    <>
      <Link to="/customers/duplicates">{t("title")}</Link>
      {place && ` · ${place}`}
    </>
  );
}

/** The card with more visits stays; the older one where they are equal. */
const isTurned = (pair: Pair) => pair.high.visits > pair.low.visits;

function OpenPair({ pair, onPair, onQueue }: { pair: PairDetail } & Omit<Props, "pairId">) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  const queryClient = useQueryClient();
  const queue = useQuery(queueOptions("open")).data;
  const mayDecide = useMay("duplicates:write");
  const decide = useDecide();
  const place = queue?.items.findIndex((each) => each.id === pair.id) ?? -1;
  const next = queue?.items[place + 1] ?? queue?.items.find((each) => each.id !== pair.id);
  const nextId = next?.id;
  const [kept, other] = isTurned(pair) ? [pair.high, pair.low] : [pair.low, pair.high];

  useEffect(() => {
    if (nextId) void queryClient.prefetchQuery(pairOptions(nextId));
  }, [nextId, queryClient]);

  const goOn = () => (nextId ? onPair(nextId) : onQueue());
  const say = (verdict: Verdict) => {
    if (!mayDecide || decide.isPending) return;
    decide
      .mutateAsync({ pairId: pair.id, verdict })
      .then(() => {
        if (verdict === "open") return;
        tell(t(`said.${verdict}`));
        goOn();
      })
      .catch(tellProblem);
  };
  useKeys({ s: () => say("skipped"), n: () => say("distinct") });

  return (
    <CompareScreen
      key={pair.id}
      winnerId={kept.customer_id}
      loserId={other.customer_id}
      pairId={pair.id}
      eyebrow={<ToQueue place={place >= 0 && queue?.total ? t("place", { place: formats.number(place + 1), total: formats.number(queue.total) }) : undefined} />}
      subtitle={<Shared pair={pair} />}
      otherActs={
        <>
          <Button leftSection={<IconUsers size={16} stroke={1.75} />} onClick={() => say("distinct")}>
            {t("distinct")}
          </Button>
          {pair.state === "open" ? (
            <Button leftSection={<IconPlayerTrackNext size={16} stroke={1.75} />} onClick={() => say("skipped")}>
              {t("skip")}
            </Button>
          ) : (
            <Button onClick={() => say("open")}>{t("reopen")}</Button>
          )}
        </>
      }
      otherKeys={
        <>
          <Kbd size="xs">S</Kbd> {t("keys.skip")} <Kbd size="xs">N</Kbd> {t("keys.distinct")}
        </>
      }
      onMerged={goOn}
    >
      <EvidencePanel pair={pair} isTurned={isTurned(pair)} />
    </CompareScreen>
  );
}

/** «Stesso telefono · nome simile», how sure, and why. */
function Shared({ pair }: { pair: PairDetail }) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  const agreeing = telling(pair.evidence).filter((each) => each.level === "same" || each.level === "similar");
  const words = agreeing.slice(0, 3).map((each) => t(`agreeing.${each.level}.${each.field}`)).join(" · ");
  return (
    <span className={classes.shared}>
      <span className={classes.sharedWords}>{words}</span>
      <Certainty certainty={pair.certainty} />
      <Why
        explanation={{
          sentence: t("why.sentence", { share: formats.percent(pair.probability) }),
          facts: telling(pair.evidence).map((each) => ({ label: t(`field.${each.field}`), value: t(`level.${each.level}`) })),
          remedy: t("why.remedy"),
          asOf: formats.moment(pair.found_at),
        }}
      />
      {pair.state !== "open" && pair.decided_at && (
        <span role="status">{t(`already.${pair.state}`, { who: pair.decided_by ?? "–", when: formats.relativeDay(pair.decided_at), defaultValue: "" })}</span>
      )}
    </span>
  );
}

function MergedPair({ pair }: { pair: PairDetail }) {
  const { t } = useTranslation("duplicates");
  const words = usePairWords();
  return (
    <>
      <PageHeader documentTitle={t("document")} title={t("one_already")} eyebrow={<ToQueue />} />
      <Panel>
        <EmptyFace
          icon={<IconUsers size={28} stroke={1.5} />}
          title={words("names", pair.low, pair.high)}
          detail={t("one_already_detail")}
          action={
            <LinkButton to="/customers/$customerId" params={{ customerId: pair.low.customer_id }}>
              {t("open_card")}
            </LinkButton>
          }
        />
      </Panel>
    </>
  );
}
