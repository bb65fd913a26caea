import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel } from "@/ui/panel";
import { ShareBar } from "@/ui/share-bar";
import classes from "./quality.module.css";
import type { Quality } from "./queries";
import { listOf } from "./words";

/** How many cards in each band of the score. */
export function DistributionPanel({ quality }: { quality: Quality }) {
  const { t } = useTranslation("quality");
  const formats = useFormats();
  return (
    <Panel title={t("distribution")} note={t("out_of_100")}>
      <ul className={classes.rows}>
        {quality.distribution.map((band) => (
          <li key={band.measure} className={classes.row}>
            <span>{t(`band.${band.measure}`)}</span>
            <ShareBar share={quality.cards ? band.count / quality.cards : 0} />
            <Link to="/customers" search={listOf(band)} aria-label={t("open_list", { what: t(`measure.${band.measure}`), number: formats.number(band.count) })}>
              {formats.number(band.count)}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
