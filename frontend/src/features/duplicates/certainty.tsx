import { useTranslation } from "react-i18next";
import classes from "./duplicates.module.css";
import type { Pair } from "./queries";

const blocks = { low: 1, medium: 2, high: 3 };

/** How sure the search is: three blocks and a word. */
export function Certainty({ certainty }: { certainty: Pair["certainty"] }) {
  const { t } = useTranslation("duplicates");
  return (
    <span className={classes.certainty}>
      <span aria-hidden className={classes.blocks}>
        {[1, 2, 3].map((block) => (
          <i key={block} data-full={block <= blocks[certainty] || undefined} />
        ))}
      </span>
      {t(`certainty.${certainty}`)}
    </span>
  );
}
