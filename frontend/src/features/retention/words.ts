import { useTranslation } from "react-i18next";
import type { Period } from "./queries";

/** "24 mesi", "30 giorni", or as long as the shop is there. */
export function usePeriodWords() {
  const { t } = useTranslation("retention");
  return ({ months, days }: Pick<Period, "months" | "days">) =>
    months !== null ? t("months", { count: months }) : days !== null ? t("days", { count: days }) : t("always");
}
