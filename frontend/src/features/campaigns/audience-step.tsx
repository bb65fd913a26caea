/** Step 1: a saved segment, how many to leave out at random, and how long to wait before measuring. */
import { Radio, SegmentedControl, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconFilter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody } from "@/ui/panel";
import classes from "./campaigns.module.css";
import { type Campaign, type CampaignChange, segmentChoicesQuery } from "./queries";

type Props = { campaign: Campaign; onChange: (change: CampaignChange) => void };

const shares = ["0.05", "0.10", "0.20", "0.30", "0.00"];
const windows = [7, 14, 28, 42, 60];

export function AudienceStep({ campaign, onChange }: Props) {
  const { t } = useTranslation("campaigns");
  const isFrozen = campaign.state !== "draft";
  return (
    <div className={classes.pair}>
      <Panel title={t("audience.title")} more={<Link to="/segments">{t("audience.create")}</Link>}>
        <PanelBody>
          <SegmentChoices chosen={campaign.segment_id} isFrozen={isFrozen} onChoose={(id) => onChange({ segment_id: id })} />
        </PanelBody>
      </Panel>
      <div className={classes.stack}>
        <Panel title={t("audience.control")}>
          <PanelBody>
            <ControlShare share={String(campaign.control_share)} isFrozen={isFrozen} onChange={(share) => onChange({ control_share: share })} />
            <Select
              mt="md"
              label={t("audience.window")}
              disabled={isFrozen}
              data={[...new Set([...windows, campaign.window_days])].map((days) => ({ value: String(days), label: t("audience.window_days", { count: days }) }))}
              value={String(campaign.window_days)}
              onChange={(days) => days && onChange({ window_days: Number(days) })}
              allowDeselect={false}
            />
          </PanelBody>
        </Panel>
        {campaign.segment_id && (
          <LinkButton variant="filled" to="/campaigns/$id" params={{ id: campaign.id }} search={{ step: "message" }}>
            {t("audience.go_on")}
          </LinkButton>
        )}
      </div>
    </div>
  );
}

function SegmentChoices({ chosen, isFrozen, onChoose }: { chosen: string | null; isFrozen: boolean; onChoose: (id: string) => void }) {
  const { t } = useTranslation("campaigns");
  const { number } = useFormats();
  const query = useQuery(segmentChoicesQuery);
  return (
    <Loaded query={query}>
      {(segments) =>
        segments.length === 0 ? (
          <EmptyFace
            icon={<IconFilter size={28} stroke={1.5} />}
            title={t("audience.none")}
            detail={t("audience.none_detail")}
            action={
              <LinkButton variant="filled" to="/segments">
                {t("audience.create")}
              </LinkButton>
            }
          />
        ) : (
          <Radio.Group value={chosen} onChange={onChoose} aria-label={t("audience.segment")}>
            <div className={classes.choices}>
              {segments.map((segment) => (
                <Radio.Card key={segment.id} value={segment.id} className={classes.choice} disabled={isFrozen}>
                  <Radio.Indicator mt={2} />
                  <div className={classes.choiceWords}>
                    <Text fw={600}>{segment.name}</Text>
                    <Text size="xs" c="dimmed">
                      {segment.sentence}
                    </Text>
                  </div>
                  {segment.last_count !== null && (
                    <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                      {t("audience.people", { count: segment.last_count, formatted: number(segment.last_count) })}
                    </Text>
                  )}
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
        )
      }
    </Loaded>
  );
}

function ControlShare({ share, isFrozen, onChange }: { share: string; isFrozen: boolean; onChange: (share: string) => void }) {
  const { t } = useTranslation("campaigns");
  const { percent } = useFormats();
  const known = shares.some((each) => Number(each) === Number(share)) ? shares : [share, ...shares];
  const value = known.find((each) => Number(each) === Number(share));
  return (
    <>
      <SegmentedControl
        fullWidth
        size="sm"
        disabled={isFrozen}
        aria-label={t("audience.control")}
        value={value}
        onChange={onChange}
        data={known.map((each) => ({ value: each, label: Number(each) === 0 ? t("audience.control_off") : percent(Number(each), 0) }))}
      />
      <Text size="xs" c={Number(share) === 0 ? "var(--deferred)" : "dimmed"} mt={6}>
        {t(Number(share) === 0 ? "audience.control_off_note" : "audience.control_help")}
      </Text>
    </>
  );
}
