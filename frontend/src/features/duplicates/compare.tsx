/** Card A, card B and the card they would become. Every choice shows at once; the server works out the rest. */
import { Text, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCircle, IconCircleCheckFilled, IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useKeys } from "@/lib/keys";
import { Panel } from "@/ui/panel";
import { PermissionBadge } from "@/ui/permission-badge";
import { Why } from "@/ui/why";
import { inOrder, keptSide, keptValue, permissionLines, stepWithin, type PermissionLine } from "./choices";
import classes from "./duplicates.module.css";
import type { Choices, ComparedCard, ComparedField, Preview, Side } from "./queries";
import { useFieldValue } from "./values";

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
      {isNarrow && <Result preview={preview} choices={choices} lines={lines} />}
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

type FieldProps = Pick<Props, "preview" | "choices" | "onChoose"> & {
  field: ComparedField;
  focused: ComparedField | undefined;
  onFocus: (field: ComparedField) => void;
  isNarrow: boolean;
};

function FieldRow({ field, preview, choices, onChoose, focused, onFocus, isNarrow }: FieldProps) {
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
function AlsoKept({ field, preview }: { field: ComparedField; preview: Preview }) {
  const { t } = useTranslation("duplicates");
  const kind = kinds[field.field];
  const others = kind ? preview.merged.contact_points.filter((point) => point.kind === kind).length - 1 : 0;
  return others > 0 ? (
    <Text span display="block" size="xs" c="dimmed">
      {t("compare.also_kept", { count: others })}
    </Text>
  ) : null;
}

function EqualRow({ field, isNarrow }: { field: ComparedField; isNarrow: boolean }) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const value = show(field.field, field.winner ?? "");
  return (
    <Line label={t(`field.${field.field}`)} winner={value} loser={value} merged={value} isNarrow={isNarrow} />
  );
}

/** Loyalty cards and labels of both are kept, whatever is chosen. */
function ExtraRows({ preview, isNarrow }: { preview: Preview; isNarrow: boolean }) {
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

function PermissionRow({ line, isNarrow }: { line: PermissionLine; isNarrow: boolean }) {
  return (
    <Line
      label={<PermissionName line={line} />}
      winner={<PermissionBadge family={line.winner.family} />}
      loser={<PermissionBadge family={line.loser.family} />}
      merged={<StricterPermission line={line} />}
      isNarrow={isNarrow}
    />
  );
}

function PermissionName({ line }: { line: PermissionLine }) {
  const { t: tc } = useTranslation();
  const channels = line.channels.map((channel) => tc(`channel.${channel}`)).join(", ");
  return (
    <>
      {tc(`purpose.${line.purpose}`)}
      {channels && (
        <Text span display="block" size="xs" c="dimmed" fw={400}>
          {channels}
        </Text>
      )}
    </>
  );
}

/** Locked: of two answers the stricter stands, and nobody can choose otherwise. */
function StricterPermission({ line }: { line: PermissionLine }) {
  const { t } = useTranslation("duplicates");
  const { t: tc } = useTranslation();
  return (
    <span className={classes.locked}>
      <Why
        label={t("compare.stricter_label", { purpose: tc(`purpose.${line.purpose}`), sentence: line.merged.sentence })}
        explanation={{
          sentence: line.merged.sentence,
          facts: [
            { label: t("card_a"), value: line.winner.sentence },
            { label: t("card_b"), value: line.loser.sentence },
          ],
          remedy: line.merged.verdict === "ALLOW" ? undefined : line.merged.remedy,
          code: [line.merged.rule_id, line.merged.reason].filter(Boolean).join(" · "),
        }}
      >
        <PermissionBadge family={line.merged.family} />
      </Why>
      <span className={classes.lock}>
        <IconLock size={13} stroke={1.75} aria-hidden /> {t("compare.stricter")}
      </span>
    </span>
  );
}

function WorthRow({ preview, isNarrow }: { preview: Preview; isNarrow: boolean }) {
  const { t } = useTranslation("duplicates");
  return (
    <Line
      label={t("compare.worth")}
      winner={<Worth card={preview.winner} />}
      loser={<Worth card={preview.loser} />}
      merged={<Worth card={preview.merged} isTotal />}
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

function Line({ label, winner, loser, merged, isNarrow }: Record<"label" | "winner" | "loser" | "merged", ReactNode> & { isNarrow: boolean }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{winner}</td>
      <td>{loser}</td>
      {!isNarrow && <td data-merged>{merged}</td>}
    </tr>
  );
}

/** On a tablet held upright the result stands beneath the two cards. */
function Result({ preview, choices, lines }: { preview: Preview; choices: Choices; lines: PermissionLine[] }) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const { differing } = inOrder(preview.fields);
  return (
    <Panel title={t("compare.merged")} highlighted>
      <dl className={classes.result}>
        {differing.map((field) => {
          const value = keptValue(field, choices);
          return (
            <div key={field.field}>
              <dt>{t(`field.${field.field}`)}</dt>
              <dd>
                {value === null ? "–" : show(field.field, value)}
                <AlsoKept field={field} preview={preview} />
              </dd>
            </div>
          );
        })}
        {lines.map((line) => (
          <div key={line.key}>
            <dt>
              <PermissionName line={line} />
            </dt>
            <dd>
              <StricterPermission line={line} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{t("compare.worth")}</dt>
          <dd>
            <Worth card={preview.merged} isTotal />
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
