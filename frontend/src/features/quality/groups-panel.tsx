import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { DataTable, type Column } from "@/ui/data-table";
import { Panel, PanelBody } from "@/ui/panel";
import { ShareBar } from "@/ui/share-bar";
import classes from "./quality.module.css";
import type { Field, Group } from "./queries";
import { listOf } from "./words";

/** The fields that tell most about how a store or a channel collects its cards. */
const told = ["email", "phone", "consent_email"] as const;

/** The same measures store by store, or by the way cards come in. */
export function GroupsPanel({ title, of, groups }: { title: string; of: string; groups: Group[] }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  const name = useGroupName();
  const columns: Column<Group>[] = [
    { key: "name", header: of, render: (group) => name(group) },
    {
      key: "cards",
      header: t("cards"),
      align: "right",
      render: (group) => (
        <Link to="/customers" search={cardsOf(group)} aria-label={t("open_list", { what: name(group), number: formats.number(group.cards) })}>
          {formats.number(group.cards)}
        </Link>
      ),
    },
    { key: "score", header: t("score"), render: (group) => (group.mean_score === null ? "–" : <Measure share={group.mean_score / 100} words={formats.number(group.mean_score)} />) },
    ...told.map(
      (wanted): Column<Group> => ({
        key: wanted,
        header: t(`column.${wanted}`),
        render: (group) => <FieldShare field={group.fields.find((each) => each.field === wanted)} />,
      }),
    ),
  ];
  return (
    <Panel title={title}>
      {groups.length === 0 ? (
        <PanelBody c="dimmed">{t("no_groups")}</PanelBody>
      ) : (
        <DataTable label={title} columns={columns} rows={groups} rowKey={keyOf} minWidth={420} />
      )}
    </Panel>
  );
}

const keyOf = (group: Group) => ("source" in group ? group.source : group.store_id) ?? "unknown";

function cardsOf(group: Group) {
  if ("source" in group) return group.source ? { source: group.source } : { quality: "missing_source" };
  return group.store_id ? { store_id: group.store_id } : { quality: "missing_home_store" };
}

function useGroupName(): (group: Group) => string {
  const { t } = useTranslation("quality");
  const { t: tk } = useTranslation("card");
  return (group) => {
    if ("source" in group) return group.source ? tk(`choice.acquisition_source.${group.source}`) : t("no_source");
    return group.name ?? t("no_store");
  };
}

function FieldShare({ field }: { field: Field | undefined }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  if (!field || field.share === null) return <>–</>;
  const words = formats.percent(field.share, 0);
  if (field.missing.count === 0) return <Measure share={field.share} words={words} />;
  return (
    <Link
      to="/customers"
      search={listOf(field.missing)}
      className={classes.plain}
      aria-label={t("open_list", { what: t(`measure.${field.missing.measure}`), number: formats.number(field.missing.count) })}
    >
      <Measure share={field.share} words={words} />
    </Link>
  );
}

function Measure({ share, words }: { share: number; words: string }) {
  return (
    <span className={classes.measure}>
      <ShareBar share={share} height={6} />
      <span>{words}</span>
    </span>
  );
}
