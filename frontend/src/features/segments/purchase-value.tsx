/** The two conditions that are small sentences: what somebody bought, and what they may be sent. */
import { NumberInput, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type RemoteOption, RemoteSelect } from "@/ui/remote-select";
import { categoryQuery, searchCategories } from "./queries";
import classes from "./segments.module.css";
import type { Condition, Value } from "./tree";

type Props = { condition: Condition; onChange: (next: Condition) => void };

const asNumber = (value: Value) => (typeof value === "number" ? value : "");

export function PurchaseValue({ condition, onChange }: Props) {
  const { t } = useTranslation("segments");
  const set = (part: string, value: Value) => onChange({ ...condition, [part]: value });
  return (
    <>
      <CategoryChoice categoryId={condition.category_id} onChoose={(id) => set("category_id", id)} />
      <Text size="sm">{t("bought.at_least")}</Text>
      <NumberInput
        w={56}
        aria-label={t("bought.times_label")}
        value={asNumber(condition.at_least)}
        onChange={(next) => set("at_least", next === "" ? null : Number(next))}
        min={1}
        max={999}
        allowDecimal={false}
        hideControls
      />
      <Text size="sm">
        {t("bought.times", { count: Number(condition.at_least ?? 0) })} {t("bought.in_last")}
      </Text>
      <NumberInput
        w={68}
        aria-label={t("bought.days_label")}
        placeholder="∞"
        value={asNumber(condition.days)}
        onChange={(next) => set("days", next === "" ? null : Number(next))}
        min={1}
        allowDecimal={false}
        hideControls
      />
      <Text size="sm">
        {t("bought.days")}, {t("bought.spent")}
      </Text>
      <NumberInput
        className={classes.small}
        aria-label={t("bought.spent_label")}
        placeholder="0"
        value={condition.spent_at_least ? String(condition.spent_at_least) : ""}
        onChange={(next) => set("spent_at_least", next === "" ? null : String(next))}
        min={0}
        decimalScale={2}
        decimalSeparator=","
        hideControls
        rightSection="€"
        rightSectionWidth={26}
      />
    </>
  );
}

function CategoryChoice({ categoryId, onChoose }: { categoryId: Value; onChoose: (id: string | null) => void }) {
  const { t } = useTranslation("segments");
  const [picked, setPicked] = useState<RemoteOption | null>(null);
  const id = typeof categoryId === "string" ? categoryId : null;
  const { data: named } = useQuery({ ...categoryQuery(id ?? ""), enabled: Boolean(id) && picked?.value !== id });
  const chosen = id === null ? null : picked?.value === id ? picked : (named ?? { value: id, label: "…" });
  return (
    <RemoteSelect
      flex="1 1 170px"
      miw={150}
      aria-label={t("bought.category")}
      placeholder={t("bought.anything")}
      nothingFoundMessage={t("bought.no_category")}
      clearable
      searchKey={["categories", "choices"]}
      search={searchCategories}
      chosen={chosen}
      onChoose={(option) => {
        setPicked(option);
        onChoose(option?.value ?? null);
      }}
    />
  );
}

const channels = ["EMAIL", "SMS", "POST", "PHONE_OPERATOR"];
const purposes = ["MKT_OWN", "MARKET_RESEARCH", "SERVICE"];
const families = ["allowed", "not_asked", "said_no", "to_fix", "later", "review"];

export function PermissionValue({ condition, onChange }: Props) {
  const { t } = useTranslation(["segments", "common"]);
  const choice = (part: string, values: string[], label: string, words: string, fallback: string, width: number) => (
    <Select
      w={width}
      aria-label={label}
      data={values.map((value) => ({ value, label: t(`common:${words}.${value}`) }))}
      value={String(condition[part] ?? fallback)}
      onChange={(value) => value && onChange({ ...condition, [part]: value })}
      allowDeselect={false}
    />
  );
  return (
    <>
      {choice("purpose", purposes, t("permission.purpose"), "purpose", "MKT_OWN", 140)}
      <Text size="sm">{t("permission.by")}</Text>
      {choice("channel", channels, t("permission.channel"), "channel", "EMAIL", 110)}
      <Text size="sm">{t("permission.answer")}</Text>
      {choice("is", families, t("permission.answer_label"), "family", "allowed", 140)}
    </>
  );
}
