/** Step 3: the gate asked for every person, nothing sent. Four parts that sum to the segment, each with its reasons. */
import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { EmptyFace, Loaded, ProblemFace, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { PermissionBadge } from "@/ui/permission-badge";
import { StateBar } from "@/ui/state-bar";
import classes from "./campaigns.module.css";
import { type Campaign, type Rehearsal, rehearsalQuery, useRehearse } from "./queries";
import { SamplePreviews } from "./sample-previews";
import { isFresh } from "./steps";

export function RehearsalStep({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const query = useQuery(rehearsalQuery(campaign.id));
  const rehearse = useRehearse(campaign.id);
  const run = () => rehearse.mutate();
  if (rehearse.isPending) {
    return (
      <Panel aria-busy title={t("rehearsal.running")}>
        <SkeletonRows rows={6} />
      </Panel>
    );
  }
  if (rehearse.error) {
    return (
      <Panel title={t("rehearsal.title")}>
        <ProblemFace error={rehearse.error} onRetry={run} />
      </Panel>
    );
  }
  return (
    <Loaded query={query}>
      {(rehearsal) =>
        rehearsal ? (
          <Rehearsed campaign={campaign} rehearsal={rehearsal} onRun={run} />
        ) : (
          <Panel>
            <EmptyFace
              icon={<IconPlayerPlay size={28} stroke={1.5} />}
              title={t("rehearsal.none")}
              detail={t("rehearsal.none_detail")}
              action={
                <Button variant="filled" onClick={run}>
                  {t("rehearsal.run")}
                </Button>
              }
            />
          </Panel>
        )
      }
    </Loaded>
  );
}

type RehearsedProps = { campaign: Campaign; rehearsal: Rehearsal; onRun: () => void };

function Rehearsed({ campaign, rehearsal, onRun }: RehearsedProps) {
  const { t } = useTranslation("campaigns");
  const { number, time } = useFormats();
  const isCurrent = isFresh(campaign, rehearsal);
  const isDraft = campaign.state === "draft";
  const values = { count: rehearsal.will_receive, formatted: number(rehearsal.will_receive), audience: number(rehearsal.audience) };
  return (
    <div className={classes.stack}>
      <Panel title={t("rehearsal.title")} note={t("rehearsal.at", { when: time(rehearsal.created_at) })}>
        <PanelBody style={{ opacity: isCurrent ? 1 : 0.6 }}>
          <p className={classes.lead}>{t(rehearsal.will_receive ? "rehearsal.heading" : "rehearsal.nobody", values)}</p>
          <RehearsalBar rehearsal={rehearsal} />
        </PanelBody>
        <PanelRow>
          <div className={classes.grace}>
            {!isCurrent && isDraft && (
              <Text size="sm" c="var(--deferred)" fw={550} role="status">
                {t("rehearsal.stale")}
              </Text>
            )}
            <span style={{ flex: 1 }} />
            {isDraft && (
              <Button variant={isCurrent ? "default" : "filled"} onClick={onRun}>
                {t("rehearsal.again")}
              </Button>
            )}
            {isCurrent && isDraft && rehearsal.will_receive > 0 && (
              <LinkButton variant="filled" to="/campaigns/$id" params={{ id: campaign.id }} search={{ step: "approve" }}>
                {t("rehearsal.go_on")}
              </LinkButton>
            )}
          </div>
        </PanelRow>
      </Panel>
      <div className={classes.pair}>
        <Panel title={t("rehearsal.previews")}>
          <PanelBody>
            <SamplePreviews sample={rehearsal.sample} />
          </PanelBody>
        </Panel>
        <div className={classes.stack}>
          <Reasons rehearsal={rehearsal} />
          <Measure rehearsal={rehearsal} isMeasured={Number(campaign.control_share) > 0} />
        </div>
      </div>
    </div>
  );
}

const parts = [
  { key: "will_receive", tone: "ink", fill: "var(--chart-ink)" },
  { key: "control", tone: "sky", fill: "var(--chart-sky)" },
  { key: "deferred", tone: "deferred", fill: "var(--deferred)" },
  { key: "denied", tone: "rest", fill: "var(--chart-rest)" },
] as const;

function RehearsalBar({ rehearsal }: { rehearsal: Rehearsal }) {
  const { t } = useTranslation("campaigns");
  const { number, money } = useFormats();
  const texts = rehearsal.parts;
  return (
    <>
      <StateBar height={22} parts={parts.map(({ key, tone }) => ({ value: rehearsal[key], tone, label: t(`rehearsal.${key}`) }))} />
      <div className={classes.figures}>
        {parts.map(({ key, fill }) => (
          <div key={key} className={classes.figure} data-part={key}>
            <b>{number(rehearsal[key])}</b>
            <span>
              <i style={{ background: fill }} aria-hidden />
              {t(`rehearsal.${key}`)}
            </span>
          </div>
        ))}
        <div className={classes.figure}>
          <b>{money(rehearsal.cost)}</b>
          <span>{t("rehearsal.cost")}</span>
        </div>
      </div>
      {texts && (
        <Text size="sm" mt="sm">
          {t(texts.min === texts.max ? "rehearsal.parts_same" : "rehearsal.parts_range", {
            min: texts.min,
            count: texts.max,
            total: number(texts.total),
            money: money(rehearsal.cost),
          })}
        </Text>
      )}
    </>
  );
}

function Reasons({ rehearsal }: { rehearsal: Rehearsal }) {
  const { t } = useTranslation("campaigns");
  // The control group is a part of its own, not a refusal.
  const refused = rehearsal.by_reason.filter(({ reason }) => reason !== "HOLDOUT");
  const groups = [
    { title: t("rehearsal.why_not"), of: refused.filter(({ family }) => family !== "later") },
    { title: t("rehearsal.why_later"), of: refused.filter(({ family }) => family === "later") },
  ];
  return groups.map(
    (group) =>
      group.of.length > 0 && (
        <Panel key={group.title} title={group.title}>
          {group.of.map((reason) => (
            <ReasonRow key={`${reason.reason}-${reason.family}`} reason={reason} />
          ))}
        </Panel>
      ),
  );
}

function ReasonRow({ reason }: { reason: Rehearsal["by_reason"][number] }) {
  const { number } = useFormats();
  const reasons = useReasons();
  return (
    <PanelRow className={classes.reason}>
      <div>
        <PermissionBadge family={reason.family} />
        <Text size="sm" mt={3} title={reason.reason}>
          {reasons.sentence(reason.reason)}
        </Text>
      </div>
      <Text fw={650}>{number(reason.count)}</Text>
    </PanelRow>
  );
}

function Measure({ rehearsal, isMeasured }: { rehearsal: Rehearsal; isMeasured: boolean }) {
  const { t } = useTranslation("campaigns");
  const { decimal, number } = useFormats();
  const { detectable_points: points, people_needed_for_3_points: needed } = rehearsal;
  return (
    <Panel title={t("audience.control")}>
      <PanelBody>
        <Text size="sm">
          {!isMeasured && t("rehearsal.no_control")} {points !== null && t("rehearsal.detectable", { points: decimal(points) })}{" "}
          {isMeasured && needed !== null && t("rehearsal.needed", { people: number(needed) })}
        </Text>
        {rehearsal.missing_values.map((value) => (
          <Text key={value.name} size="sm" c="var(--deferred)" mt="xs">
            {t("rehearsal.missing", { count: value.count, formatted: number(value.count), field: value.name })}
          </Text>
        ))}
      </PanelBody>
    </Panel>
  );
}
