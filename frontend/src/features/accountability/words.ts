import { useTranslation } from "react-i18next";
import type { Bilingual } from "./queries";

/** A text in the reader's language; in the other one where only that was written. */
export function useTold() {
  const { i18n } = useTranslation();
  return ({ it, en }: Bilingual) => (i18n.language === "en" ? en.trim() || it : it.trim() || en);
}

/** The name of a country by its code, in the reader's language. */
export function useCountryName() {
  const { i18n } = useTranslation();
  const names = new Intl.DisplayNames([i18n.language], { type: "region" });
  return (code: string) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code);
}
