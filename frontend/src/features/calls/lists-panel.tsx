/** What waits of each campaign and recall: how far it is, who cannot be called yet, when people answer. */
import { Button } from "@mantine/core";
import { IconPhone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Panel, PanelRow } from "@/ui/panel";
import { ShareBar } from "@/ui/share-bar";
import classes from "./calls.module.css";
import type { CallList } from "./queries";
import { useCallWords } from "./words";

type Props = { lists: CallList[]; onNext: (touch?: string) => void; isBusy: boolean };

export function ListsPanel({ lists, onNext, isBusy }: Props) {
  const { t } = useTranslation("calls");
  return (
    <Panel title={t("lists.title")}>
      {lists.map((list) => (
        <ListRow key={list.touch_id ?? ""} list={list} isAlone={lists.length === 1} onNext={onNext} isBusy={isBusy} />
      ))}
    </Panel>
  );
}

function ListRow({ list, isAlone, onNext, isBusy }: { list: CallList; isAlone: boolean } & Omit<Props, "lists">) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const words = useCallWords();
  const name = list.touch_name ?? t("lists.one_by_one");
  const total = list.ended_count + list.waiting_count;
  const { touch_id: touch } = list;
  return (
    <PanelRow className={classes.list}>
      <div className={classes.listWords}>
        <div className={classes.listName}>
          <ListLink list={list}>{name}</ListLink>
          {list.touch_kind && <span className={classes.quiet}>{t(`lists.${list.touch_kind}`)}</span>}
        </div>
        <Counts list={list} />
        {list.best && <div className={classes.quiet}>{t("lists.best", { when: words.slot(list.best) })}</div>}
      </div>
      <div className={classes.progress}>
        <ShareBar share={total ? list.ended_count / total : 0} />
        <span className={classes.quiet}>
          {t("lists.progress", {
            ended: formats.number(list.ended_count),
            total: formats.number(total),
            reached: formats.number(list.reached_count),
          })}
        </span>
      </div>
      {touch && !isAlone && list.due_count > 0 && (
        <Button
          leftSection={<IconPhone size={16} stroke={1.75} />}
          onClick={() => onNext(touch)}
          disabled={isBusy}
          aria-label={t("next_of_label", { name })}
        >
          {t("next_of")}
        </Button>
      )}
    </PanelRow>
  );
}

function ListLink({ list, children }: { list: CallList; children: ReactNode }) {
  const mayCampaigns = useMay("campaigns:read");
  const mayRecalls = useMay("recalls:read");
  if (list.subject_id && list.touch_kind === "CAMPAIGN" && mayCampaigns)
    return (
      <Link to="/campaigns/$id" params={{ id: list.subject_id }}>
        {children}
      </Link>
    );
  if (list.subject_id && list.touch_kind === "RECALL" && mayRecalls)
    return (
      <Link to="/recalls/$id" params={{ id: list.subject_id }}>
        {children}
      </Link>
    );
  return <b>{children}</b>;
}

function Counts({ list }: { list: CallList }) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const mayCheck = useMay("privacy:read");
  const parts = [
    [list.due_count, "due"],
    [list.later_count - list.unchecked_count, "later"],
    [list.in_hand_count, "in_hand"],
    [list.paused_count, "paused"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, key]) => t(`lists.${key}`, { number: formats.number(count) }));
  return (
    <div>
      {shown.join(" · ")}
      {list.unchecked_count > 0 && (
        <div className={classes.unchecked}>
          {t("lists.unchecked", { count: list.unchecked_count, number: formats.number(list.unchecked_count) })}
          {mayCheck && <Link to="/privacy/rpo">{t("lists.check")}</Link>}
        </div>
      )}
    </div>
  );
}
