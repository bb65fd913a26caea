/** The dictionary of reason codes (UX §1): words and what would change the answer. The answer itself is always the server's. */
import { useTranslation } from "react-i18next";

export function useReasons() {
  const { t } = useTranslation("reasons");
  return {
    sentence: (code: string | null | undefined) => (code ? t(`${code}.text`, { defaultValue: code }) : ""),
    remedy: (code: string | null | undefined) => (code ? t(`${code}.remedy`, { defaultValue: "" }) : ""),
  };
}
