/** When a call is good, why it may not be made, when it is made again: codes of the API in words. */
import { useTranslation } from "react-i18next";
import { formatsFor, type Formats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import type { Call, Offer } from "./queries";

type Slot = { weekday: number | null; band: string };

export function useCallWords() {
  const { t, i18n } = useTranslation("calls");
  const reasons = useReasons();
  const slot = ({ weekday, band }: Slot) =>
    weekday === null ? t(`slot.any_${band}`) : t(`slot.day_${band}`, { day: t(`slot.${weekday}`) });
  return {
    slot,
    /** The clock of the person, not of the shop. */
    formatsOf: (call: Call) => formatsFor(i18n.language, call.clock.zone),
    best: (best: NonNullable<Call["best"]>) => t(`best.${best.reason}`, { when: slot(best) }),
    refusal: (refusal: NonNullable<Call["refusal"]>) =>
      refusal.rule_id ? reasons.sentence(refusal.reason) : t(`stopped.${refusal.reason}`, { defaultValue: t("stopped.other") }),
    passedOver: (offer: Offer, formats: Formats) => {
      const count = offer.refused.reduce((sum, each) => sum + each.count, 0);
      const parts = offer.refused.map((each) =>
        t("passed_over_part", { reason: reasons.sentence(each.reason), count: each.count }),
      );
      return count ? t("passed_over", { count, number: formats.number(count), reasons: parts.join(" · ") }) : null;
    },
  };
}

export function nameOf(person: Call["person"], fallback: string): string {
  return [person.given_name, person.family_name].filter(Boolean).join(" ") || fallback;
}
