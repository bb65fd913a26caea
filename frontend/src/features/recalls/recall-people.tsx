/** Whose turn it is today for this recall, why, and whether we may write. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel, PanelRow } from "@/ui/panel";
import { PermissionBadge } from "@/ui/permission-badge";
import { RhythmStrip } from "@/ui/rhythm-strip";
import { Why } from "@/ui/why";
import { type Due, type DueItem, type Recall, dueQuery } from "./queries";
import classes from "./recalls.module.css";

/** Those worth most come first; the rest is counted, not drawn. */
const shownAtOnce = 50;

export function RecallPeople({ recall }: { recall: Recall }) {
  const { t } = useTranslation("recalls");
  const { number } = useFormats();
  const query = useQuery(dueQuery);
  return (
    <Panel title={t("people.heading", { count: recall.due_count, formatted: number(recall.due_count) })}>
      <Loaded query={query}>
        {(due) => {
          const mine = due.items.filter((item) => item.recall_id === recall.id);
          if (mine.length === 0) return <Nobody due={due} />;
          const rest = recall.due_count - Math.min(mine.length, shownAtOnce);
          return (
            <>
              {mine.slice(0, shownAtOnce).map((item) => (
                <PersonRow key={item.customer_id} item={item} />
              ))}
              {rest > 0 && <PanelRow c="dimmed">{t("people.rest", { count: rest, formatted: number(rest) })}</PanelRow>}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function PersonRow({ item }: { item: DueItem }) {
  return (
    <PanelRow className={classes.person}>
      <div>
        <Link to="/customers/$customerId" params={{ customerId: item.customer_id }} className={classes.name}>
          {item.full_name}
        </Link>
        <Text size="sm" c="dimmed">
          {item.reason}
        </Text>
      </div>
      <RhythmStrip visits={item.visits} likelyFrom={item.likely_from} likelyTo={item.likely_to} />
      <div>
        <Why explanation={{ sentence: item.permission.sentence, remedy: item.permission.remedy, code: item.permission.rule_id }}>
          <PermissionBadge family={item.permission.family} />
        </Why>
      </div>
    </PanelRow>
  );
}

function Nobody({ due }: { due: Due }) {
  const { t } = useTranslation("recalls");
  const { relativeDay, number } = useFormats();
  return (
    <>
      <EmptyFace icon={<IconUsers size={28} stroke={1.5} />} title={t("people.empty")} detail={t("people.empty_detail")} />
      {due.next_days.some((day) => day.count > 0) && (
        <PanelRow className={classes.days}>
          <span>{t("people.empty_next")}</span>
          {due.next_days.map((day) => (
            <span key={day.on}>
              {relativeDay(day.on)}: <b>{number(day.count)}</b>
            </span>
          ))}
        </PanelRow>
      )}
    </>
  );
}
