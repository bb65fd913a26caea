/** On the card: another card may be the same person. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/ui/link-button";
import classes from "./duplicates.module.css";
import { pairsOfCardOptions } from "./queries";

export function DuplicateStripe({ customerId }: { customerId: string }) {
  const { t } = useTranslation("duplicates");
  const pairs = useQuery(pairsOfCardOptions(customerId)).data ?? [];
  const [surest] = pairs;
  if (!surest) return null;
  const other = surest.low.customer_id === customerId ? surest.high : surest.low;
  return (
    <div className={classes.stripe} role="status">
      <span>{t("stripe", { count: pairs.length, name: other.full_name || t("no_name") })}</span>
      <LinkButton size="xs" to="/customers/duplicates/$pairId" params={{ pairId: surest.id }}>
        {t("compare_them")}
      </LinkButton>
    </div>
  );
}
