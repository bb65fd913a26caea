import { useTranslation } from "react-i18next";

/** A section of the access pack in words; one we have no words for keeps its own name, readable. */
export function useSectionWords() {
  const { t } = useTranslation("privacy");
  return (section: string) => t(`section.${section}`, { defaultValue: section.replaceAll("_", " ") });
}
