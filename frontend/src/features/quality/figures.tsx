import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Why } from "@/ui/why";
import classes from "./quality.module.css";
import type { Quality } from "./queries";
import { listOf } from "./words";

const shown = ["bounced", "unconfirmed", "stale", "never_updated"] as const;

/** What deserves somebody's time, each figure the door to its list. */
export function Figures({ quality }: { quality: Quality }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  return (
    <dl className={classes.figures}>
      {shown.map((key) => {
        const count = quality[key];
        return (
          <Figure key={key} name={key} note={count.share === null ? null : t("share_of_cards", { share: formats.percent(count.share) })}>
            <Link to="/customers" search={listOf(count)}>
              {formats.number(count.count)}
            </Link>
          </Figure>
        );
      })}
      <Figure name="duplicates" note={t("pairs")}>
        <Link to="/customers/duplicates">{formats.number(quality.probable_duplicates)}</Link>
      </Figure>
    </dl>
  );
}

function Figure({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("quality");
  return (
    <div className={classes.figure}>
      <dt>
        {t(`figure.${name}`)}{" "}
        <Why label={t("why_label", { what: t(`figure.${name}`) })} explanation={{ sentence: t(`explained.${name}`), remedy: t(`remedy.${name}`) }}>
          <span className={classes.question} aria-hidden>
            ?
          </span>
        </Why>
      </dt>
      <dd>
        <b>{children}</b>
        <small>{note}</small>
      </dd>
    </div>
  );
}
