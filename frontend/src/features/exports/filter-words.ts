import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import type { ExportFilter } from "./queries";

/** What a file is narrowed to, in words; ids are told by what they are ids of. */
export function useFilterWords() {
  const { t } = useTranslation("exports");
  const { day, list } = useFormats();
  return (filters: ExportFilter): string => {
    const given = Object.entries(filters).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "");
    if (given.length === 0) return t("everything");
    return list(given.map(([name, value]) => t(`filter.${name}`, { value: name.endsWith("_on") ? day(value) : value })));
  };
}
