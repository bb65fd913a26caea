/** The dictionary of reason codes (UX §1): words and what would change the answer. The answer itself is always the server's. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export function useReasons() {
  const { t } = useTranslation("reasons");
  return {
    sentence: (code: string | null | undefined) => (code ? t(`${code}.text`, { defaultValue: code }) : ""),
    remedy: (code: string | null | undefined) => (code ? t(`${code}.remedy`, { defaultValue: "" }) : ""),
  };
}

/** Every reason as a choice of a filter, in the order of its words. */
export function useReasonChoices(): { value: string; label: string }[] {
  const { t, i18n } = useTranslation("reasons");
  const { language } = i18n;
  return useMemo(() => {
    const codes = Object.keys((i18n.getResourceBundle("it", "reasons") ?? {}) as object);
    const choices = codes.map((code) => ({ value: code, label: t(`${code}.text`) }));
    return choices.sort((one, other) => one.label.localeCompare(other.label, language));
  }, [t, i18n, language]);
}
