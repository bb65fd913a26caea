import { useTranslation } from "react-i18next";
import type { RequestRow } from "./queries";

/** Who asks: the name on the card, who they say they are, or what is left to say of a card that is gone. */
export function useWho() {
  const { t } = useTranslation("privacy");
  return ({ customer_name, claimed_identity, customer_id }: Pick<RequestRow, "customer_name" | "claimed_identity" | "customer_id">) =>
    customer_name || claimed_identity || t(customer_id ? "erased_card" : "nobody");
}
