import { useTranslation } from "react-i18next";
import type { Job } from "./queries";

/** A job about a file carries the file's name, an export its kind; what is being done with it is said here. */
export function useJobName() {
  const { t } = useTranslation("activity");
  return ({ kind, label }: Job) => {
    const what = kind === "export" ? t(`exports:kind.${label}`, { defaultValue: label }) : label;
    return t(`job.${kind}`, { what, defaultValue: label });
  };
}
