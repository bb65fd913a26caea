/** The rows of two cards side by side: what can be chosen, what is equal, what is kept of both, what they are worth. */
import { Text } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { keptSide, keptValue } from "./choices";
import classes from "./duplicates.module.css";
import type { Choices, ComparedCard, ComparedField, Preview, Side } from "./queries";
import { useFieldValue } from "./values";

type FieldProps = {
  preview: Preview;
  choices: Choices;
  onChoose: (field: ComparedField["field"], side: Side) => void;
  field: ComparedField;
  focused: ComparedField | undefined;
  onFocus: (field: ComparedField) => void;
  isNarrow: boolean;
};

export function FieldRow({ field, preview, choices, onChoose, focused, onFocus, isNarrow }: FieldProps) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const kept = keptSide(field, choices);
  const value = keptValue(field, choices);
  const choice = (side: Side) => ({
    field,
    side,
    isKept: kept === side,
    isFocused: focused?.field === field.field,
    onFocus: () => onFocus(field),
    onPick: () => onChoose(field.field, side),
  });
  return (
    <tr data-focused={focused?.field === field.field || undefined}>
      <th scope="row">{t(`field.${field.field}`)}</th>
      <td>
        <Choice {...choice("winner")} />
      </td>
      <td>
        <Choice {...choice("loser")} />
      </td>
      {!isNarrow && (
        <td data-merged>
          {value === null ? "–" : show(field.field, value)}
          <AlsoKept field={field} preview={preview} />
        </td>
      )}
    </tr>
  );
}

type ChoiceProps = { field: ComparedField; side: Side; isKept: boolean; isFocused: boolean; onFocus: () => void; onPick: () => void };

/** Not a real radio button: in those the letters and arrows of this screen would be dead. */
function Choice({ field, side, isKept, isFocused, onFocus, onPick }: ChoiceProps) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const value = field[side];
  const words = value === null ? t("compare.missing") : show(field.field, value);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== " ") return;
    event.preventDefault();
    onPick();
  };
  return (
    <div
      role="radio"
      aria-checked={isKept}
      aria-label={t("compare.choice", { field: t(`field.${field.field}`), value: words, card: t(side === "winner" ? "card_a" : "card_b") })}
      tabIndex={isKept ? 0 : -1}
      data-field={field.field}
      data-active={(isKept && isFocused) || undefined}
      className={classes.choice}
      onFocus={onFocus}
      onClick={() => {
        onFocus();
        onPick();
      }}
      onKeyDown={onKeyDown}
    >
      {isKept ? <IconCircleCheckFilled size={16} aria-hidden /> : <IconCircle size={16} stroke={1.75} aria-hidden />}
      <span data-missing={value === null || undefined}>{words}</span>
    </div>
  );
}

const kinds: Partial<Record<ComparedField["field"], string>> = { email: "EMAIL", phone: "PHONE", address: "POSTAL" };

/** Of contact points nothing is lost: the choice says only which comes first. */
export function AlsoKept({ field, preview }: { field: ComparedField; preview: Preview }) {
  const { t } = useTranslation("duplicates");
  const kind = kinds[field.field];
  const others = kind ? preview.merged.contact_points.filter((point) => point.kind === kind).length - 1 : 0;
  return others > 0 ? (
    <Text span display="block" size="xs" c="dimmed">
      {t("compare.also_kept", { count: others })}
    </Text>
  ) : null;
}

export function EqualRow({ field, isNarrow }: { field: ComparedField; isNarrow: boolean }) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const value = show(field.field, field.winner ?? "");
  return (
    <Line label={t(`field.${field.field}`)} winner={value} loser={value} merged={value} isNarrow={isNarrow} />
  );
}

/** Loyalty cards and labels of both are kept, whatever is chosen. */
export function ExtraRows({ preview, isNarrow }: { preview: Preview; isNarrow: boolean }) {
  const { t } = useTranslation("duplicates");
  return (["cards", "tags"] as const).map((key) => {
    const words = (card: ComparedCard) => card[key].join(", ") || "–";
    if (preview.merged[key].length === 0) return null;
    return (
      <Line
        key={key}
        label={t(`compare.${key}`)}
        winner={words(preview.winner)}
        loser={words(preview.loser)}
        merged={words(preview.merged)}
        isNarrow={isNarrow}
      />
    );
  });
}

export function WorthRow({ preview, isNarrow }: { preview: Preview; isNarrow: boolean }) {
  const { t } = useTranslation("duplicates");
  return (
    <Line
      label={t("compare.worth")}
      winner={<Worth card={preview.winner} />}
      loser={<Worth card={preview.loser} />}
      merged={<TotalWorth preview={preview} />}
      isNarrow={isNarrow}
    />
  );
}

function Worth({ card, isTotal }: { card: ComparedCard; isTotal?: boolean }) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  return (
    <Text span size="sm" fw={isTotal ? 650 : undefined}>
      {t("worth", { count: card.visits, visits: formats.number(card.visits), money: formats.money(card.revenue) })}
    </Text>
  );
}

/** Two purchases of one day are one visit, so that visits may come to less than their sum. */
export function TotalWorth({ preview: { winner, loser, merged } }: { preview: Preview }) {
  const { t } = useTranslation("duplicates");
  return (
    <>
      <Worth card={merged} isTotal />
      {merged.visits < winner.visits + loser.visits && (
        <Text span display="block" size="xs" c="dimmed">
          {t("compare.same_day")}
        </Text>
      )}
    </>
  );
}

export function Line({ label, winner, loser, merged, isNarrow }: Record<"label" | "winner" | "loser" | "merged", ReactNode> & { isNarrow: boolean }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{winner}</td>
      <td>{loser}</td>
      {!isNarrow && <td data-merged>{merged}</td>}
    </tr>
  );
}
