/** Card A, card B and the card they would become. Every choice shows at once; the server works out the rest. */
import { UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useKeys } from "@/lib/keys";
import { Panel } from "@/ui/panel";
import { inOrder, permissionLines, stepWithin } from "./choices";
import { EqualRow, ExtraRows, FieldRow, WorthRow } from "./compare-rows";
import { PermissionRow } from "./compared-permission";
import { ComparedResult } from "./compared-result";
import classes from "./duplicates.module.css";
import type { Choices, ComparedCard, ComparedField, Preview, Side } from "./queries";

type Props = {
  preview: Preview;
  choices: Choices;
  onChoose: (field: ComparedField["field"], side: Side) => void;
  isStale: boolean;
};

export function Compare({ preview, choices, onChoose, isStale }: Props) {
  const { t } = useTranslation("duplicates");
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState(0);
  const [showsEqual, setShowsEqual] = useState(false);
  const isNarrow = useMediaQuery("(max-width: 60em)") ?? false;
  const { differing, equal } = inOrder(preview.fields);
  const { lines, alike } = permissionLines(preview);
  const focused = differing[Math.min(at, differing.length - 1)];

  const move = (by: number) => {
    const next = stepWithin(at, by, differing.length);
    setAt(next);
    const field = differing[next]?.field;
    if (field) table.current?.querySelector<HTMLElement>(`[data-field="${field}"][aria-checked="true"]`)?.focus();
  };
  const pick = (side: Side) => focused && onChoose(focused.field, side);
  useKeys({
    arrowup: () => move(-1),
    k: () => move(-1),
    arrowdown: () => move(1),
    j: () => move(1),
    arrowleft: () => pick("winner"),
    "1": () => pick("winner"),
    arrowright: () => pick("loser"),
    "2": () => pick("loser"),
  });

  const rows = { preview, choices, onChoose, focused, onFocus: (field: ComparedField) => setAt(differing.indexOf(field)), isNarrow };
  return (
    <>
      <Panel className={classes.comparePanel}>
        <table ref={table} className={classes.compare} data-stale={isStale || undefined} aria-label={t("compare.label")}>
          <thead>
            <tr>
              <td />
              <CardHead card={preview.winner} name={t("card_a")} stays={t("compare.stays")} />
              <CardHead card={preview.loser} name={t("card_b")} />
              {!isNarrow && <MergedHead />}
            </tr>
          </thead>
          <tbody>
            {differing.map((field) => (
              <FieldRow key={field.field} field={field} {...rows} />
            ))}
            {showsEqual && equal.map((field) => <EqualRow key={field.field} field={field} isNarrow={isNarrow} />)}
            <ExtraRows preview={preview} isNarrow={isNarrow} />
            {lines.map((line) => (
              <PermissionRow key={line.key} line={line} isNarrow={isNarrow} />
            ))}
            <WorthRow preview={preview} isNarrow={isNarrow} />
          </tbody>
        </table>
        <p className={classes.footnote}>
          {equal.length > 0 && (
            <UnstyledButton className={classes.link} onClick={() => setShowsEqual(!showsEqual)} aria-expanded={showsEqual}>
              {showsEqual ? t("compare.hide_equal") : t("compare.equal", { count: equal.length })}
            </UnstyledButton>
          )}
          <span>{lines.length === 0 ? t("compare.permissions_alike") : t("compare.permissions_rest", { count: alike })}</span>
        </p>
      </Panel>
      {isNarrow && <ComparedResult preview={preview} choices={choices} lines={lines} />}
    </>
  );
}

function CardHead({ card, name, stays }: { card: ComparedCard; name: string; stays?: string }) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  return (
    <th scope="col">
      <span className={classes.eyebrow}>{stays ? `${name} · ${stays}` : name}</span>
      <Link to="/customers/$customerId" params={{ customerId: card.id }} className={classes.cardName}>
        {card.full_name || t("no_name")}
      </Link>
      <span className={classes.eyebrow}>{t("compare.since", { day: formats.day(card.created_at) })}</span>
    </th>
  );
}

function MergedHead() {
  const { t } = useTranslation("duplicates");
  return (
    <th scope="col" data-merged>
      <span className={classes.eyebrow}>{t("compare.result")}</span>
      <span className={classes.cardName}>{t("compare.merged")}</span>
    </th>
  );
}
