import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel } from "@/ui/panel";
import { ShareBar } from "@/ui/share-bar";
import classes from "./quality.module.css";
import type { Field } from "./queries";
import { byRank, listOf } from "./words";

/** How complete each wanted field is; the cards that lack it are one press away. */
export function FieldsPanel({ fields }: { fields: Field[] }) {
  const { t } = useTranslation("quality");
  return (
    <Panel title={t("completeness")} note={t("completeness_note")}>
      {byRank(fields).map((group) => (
        <section key={group.rank} aria-label={t(`rank.${group.rank}`)}>
          <h3 className={classes.rank}>{t(`rank.${group.rank}`)}</h3>
          <ul className={classes.rows}>
            {group.fields.map((field) => (
              <FieldRow key={field.field} field={field} />
            ))}
          </ul>
        </section>
      ))}
    </Panel>
  );
}

function FieldRow({ field }: { field: Field }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  const missing = field.missing.count;
  return (
    <li className={classes.field}>
      <span>{t(`field.${field.field}`)}</span>
      <ShareBar share={field.share ?? 0} />
      <b>{field.share === null ? "–" : formats.percent(field.share, 0)}</b>
      {missing > 0 ? (
        <Link to="/customers" search={listOf(field.missing)} aria-label={t("open_list", { what: t(`measure.${field.missing.measure}`), number: formats.number(missing) })}>
          {t("without", { count: missing, number: formats.number(missing) })}
        </Link>
      ) : (
        <span className={classes.quiet}>{t("nobody_without")}</span>
      )}
    </li>
  );
}
