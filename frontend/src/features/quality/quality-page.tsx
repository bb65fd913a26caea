/** How good the cards are, in numbers that each open the list behind them. */
import { Button, Progress, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustments, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { DistributionPanel } from "./distribution-panel";
import { FieldsPanel } from "./fields-panel";
import { Figures } from "./figures";
import { GroupsPanel } from "./groups-panel";
import classes from "./quality.module.css";
import { qualityOptions, type Quality } from "./queries";
import { TrendPanel } from "./trend-panel";
import { tenths } from "./words";

const RanksModal = lazy(() => import("./ranks-modal").then((file) => ({ default: file.RanksModal })));

export function QualityPage() {
  const { t } = useTranslation("quality");
  const quality = useQuery(qualityOptions);
  const mayRank = useMay("quality:write");
  const [isRanking, ranking] = useDisclosure(false);
  const hasCards = (quality.data?.cards ?? 0) > 0;
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={<Heading quality={quality.data} />}
        subtitle={quality.data && hasCards && <Subtitle quality={quality.data} />}
        actions={
          mayRank &&
          hasCards && (
            <Button variant="filled" leftSection={<IconAdjustments size={16} stroke={1.75} />} onClick={ranking.open}>
              {t("ranks.open")}
            </Button>
          )
        }
      />
      <Loaded
        query={quality}
        skeleton={
          <Panel>
            <SkeletonRows rows={9} />
          </Panel>
        }
      >
        {(answer) => (answer.cards === 0 && !answer.sweep ? <NoCards /> : <Measured quality={answer} />)}
      </Loaded>
      <Suspense>{isRanking && <RanksModal onClose={ranking.close} />}</Suspense>
    </>
  );
}

function Heading({ quality }: { quality: Quality | undefined }) {
  const { t } = useTranslation("quality");
  const email = quality?.fields.find((each) => each.field === "email");
  if (!quality || quality.cards === 0) return <>{t("title")}</>;
  if (!email || email.of === 0 || email.rank === "unused") return <>{t("heading.score", { score: quality.mean_score ?? 0 })}</>;
  const { key, count } = tenths(email.filled, email.of);
  return <>{t(`heading.${key}`, { count })}</>;
}

function Subtitle({ quality }: { quality: Quality }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  return (
    <>
      {t("subtitle", {
        count: quality.cards,
        cards: formats.number(quality.cards),
        score: formats.number(quality.mean_score ?? 0),
        when: formats.time(quality.as_of),
      })}
    </>
  );
}

function NoCards() {
  const { t } = useTranslation("quality");
  return (
    <Panel>
      <EmptyFace
        icon={<IconUsers size={28} stroke={1.5} />}
        title={t("empty")}
        detail={t("empty_detail")}
        action={<LinkButton to="/customers/new">{t("new_card")}</LinkButton>}
      />
    </Panel>
  );
}

function Measured({ quality }: { quality: Quality }) {
  const { t } = useTranslation("quality");
  return (
    <div className={classes.stack}>
      {quality.sweep && <Sweep sweep={quality.sweep} />}
      <Figures quality={quality} />
      <div className={classes.pair}>
        <FieldsPanel fields={quality.fields} />
        <div className={classes.stack}>
          <DistributionPanel quality={quality} />
          <TrendPanel trend={quality.trend} />
          <GroupsPanel title={t("stores")} of={t("store")} groups={quality.stores} />
          <GroupsPanel title={t("sources")} of={t("source")} groups={quality.sources} />
        </div>
      </div>
    </div>
  );
}

/** While every card is scored again the numbers are still moving. */
function Sweep({ sweep }: { sweep: NonNullable<Quality["sweep"]> }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  return (
    <div className={classes.sweep} role="status">
      <Text size="sm" fw={550}>
        {sweep.total
          ? t("sweep.of", { done: formats.number(sweep.done), total: formats.number(sweep.total) })
          : t("sweep.running")}
      </Text>
      <Progress size="sm" value={sweep.total ? (sweep.done / sweep.total) * 100 : 100} animated={!sweep.total} aria-label={t("sweep.running")} />
    </div>
  );
}
