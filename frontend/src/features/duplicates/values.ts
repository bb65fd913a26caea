import { useTranslation } from "react-i18next";
import { phone, useFormats } from "@/lib/formats";
import type { Merge } from "./queries";

const coded = new Set(["gender", "language", "acquisition_source", "spending_capacity", "subject_type"]);
const days = new Set(["birth_on", "first_contact_on"]);

/** A value of a card as people read it. */
export function useFieldValue(): (field: string, value: string) => string {
  const { t } = useTranslation("duplicates");
  const { t: tk } = useTranslation("card");
  const formats = useFormats();
  return (field, value) => {
    if (field === "subject_type") return t(`subject_type.${value}`, { defaultValue: value });
    if (coded.has(field)) return tk(`choice.${field}.${value}`, { defaultValue: value });
    if (days.has(field) && /^\d{4}-\d{2}-\d{2}$/.test(value)) return formats.longDay(value);
    return field === "phone" ? phone(value.replaceAll(" ", "")) : value;
  };
}

/** What people would count, in their words; the rest is one number. */
const counted = ["transactions", "contact_points", "identifiers", "messages", "notes", "tags"] as const;

/** «2 acquisti, 1 recapito e altre 3 righe», or nothing where nothing moved. */
export function useMovedWords(merge: Merge): string {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  const words = counted.flatMap((table) => (merge.moved[table] ? [t(`moved.${table}`, { count: merge.moved[table] })] : []));
  const others = Object.entries(merge.moved).reduce((sum, [table, count]) => (counted.some((each) => each === table) ? sum : sum + count), 0);
  return formats.list(others > 0 ? [...words, t("moved.others", { count: others })] : words);
}

type Named = { full_name: string };

/** Two cards often bear one name: then it is said once. */
export function usePairWords() {
  const { t } = useTranslation("duplicates");
  return (key: "names" | "question" | "confirm.title" | "confirm.stays", one: Named, other: Named): string => {
    const names = { one: one.full_name || t("no_name"), other: other.full_name || t("no_name") };
    return t(names.one === names.other ? `${key}_alike` : key, names);
  };
}
