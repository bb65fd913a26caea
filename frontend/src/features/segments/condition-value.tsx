/** The inputs after a field: its operator and its value, by the kind the server gives the field. */
import { MultiSelect, NumberInput, Select, TagsInput, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type SegmentField, storesQuery } from "./queries";
import classes from "./segments.module.css";
import { type Condition, type Value, withOperator } from "./tree";

type Props = { condition: Condition; field: SegmentField; onChange: (next: Condition) => void };

export function ConditionValue({ condition, field, onChange }: Props) {
  const { t } = useTranslation("segments");
  const op = condition.op ?? field.operators[0] ?? "is";
  const setValue = (value: Value) => onChange({ ...condition, value });
  return (
    <>
      <Select
        w={132}
        aria-label={`${field.label}: ${t("builder.operator")}`}
        data={field.operators.map((each) => ({ value: each, label: t(`op.${each}`) }))}
        value={op}
        onChange={(next) => next && onChange(withOperator(condition, next))}
        allowDeselect={false}
      />
      {op === "between" ? (
        <Between field={field} value={condition.value} onChange={setValue} />
      ) : field.kind === "choice" || field.kind === "text" ? (
        <Choices field={field} value={condition.value} onChange={setValue} />
      ) : (
        <Single field={field} kind={op === "in_last_days" ? "number" : field.kind} value={condition.value} onChange={setValue} />
      )}
      <Unit field={field} op={op} />
    </>
  );
}

function Unit({ field, op }: { field: SegmentField; op: string }) {
  const { t } = useTranslation("segments");
  const unit = op === "in_last_days" ? "days" : field.unit;
  if (!unit || unit === "money") return null;
  return <Text size="sm">{t(`unit.${unit}`)}</Text>;
}

type ValueProps = { field: SegmentField; value: Value; onChange: (value: Value) => void };

function Between({ field, value, onChange }: ValueProps) {
  const { t } = useTranslation("segments");
  const ends = Array.isArray(value) ? value : [];
  const set = (index: number, next: Value) => {
    const changed = [ends[0] ?? "", ends[1] ?? ""];
    changed[index] = typeof next === "string" || typeof next === "number" ? next : "";
    onChange(changed);
  };
  return (
    <>
      <Single field={field} kind={field.kind} value={ends[0]} onChange={(next) => set(0, next)} label={t("from")} />
      <Text size="sm">{t("and")}</Text>
      <Single field={field} kind={field.kind} value={ends[1]} onChange={(next) => set(1, next)} label={t("to")} />
    </>
  );
}

/** Money stays a decimal string, numbers are whole, days are calendar days. */
function Single({ field, kind, value, onChange, label }: ValueProps & { kind: string; label?: string }) {
  const { t } = useTranslation("segments");
  const name = `${field.label}: ${label ?? t("builder.value")}`;
  const single = Array.isArray(value) ? null : value;
  if (kind === "date") {
    return <DateInput w={150} aria-label={name} value={single ? String(single) : null} onChange={(day) => onChange(day)} valueFormat="D MMM YYYY" />;
  }
  if (kind === "number" || kind === "money") {
    return (
      <NumberInput
        className={classes.small}
        aria-label={name}
        value={single ?? ""}
        onChange={(next) => onChange(next === "" ? null : kind === "money" ? String(next) : Number(next))}
        min={0}
        allowDecimal={kind === "money"}
        decimalScale={kind === "money" ? 2 : 0}
        decimalSeparator=","
        hideControls
        rightSection={kind === "money" ? "€" : undefined}
        rightSectionWidth={26}
      />
    );
  }
  return <TextInput w={180} aria-label={name} value={single ?? ""} onChange={(event) => onChange(event.currentTarget.value)} />;
}

function Choices({ field, value, onChange }: ValueProps) {
  const { t } = useTranslation("segments");
  const { data: stores = [] } = useQuery({ ...storesQuery, enabled: field.key === "store" });
  const chosen = (Array.isArray(value) ? value : []).map(String);
  const choices = field.choices?.length ? field.choices : stores;
  const name = `${field.label}: ${t("builder.value")}`;
  if (choices.length > 0) {
    return <MultiSelect miw={170} flex="1 1 170px" aria-label={name} data={choices} value={chosen} onChange={onChange} searchable clearable />;
  }
  return (
    <TagsInput miw={170} flex="1 1 170px" aria-label={name} placeholder={chosen.length ? undefined : t("values_hint")} value={chosen} onChange={onChange} acceptValueOnBlur />
  );
}
