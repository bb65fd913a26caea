/** The dictionary of what an import can say, and a few figures only files have. */
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { problemWords } from "@/lib/problem-words";
import type { Problem } from "@/api/problem";

export function useWords() {
  const { t } = useTranslation("imports");
  const { locale } = useFormats();
  const unit = (name: string, digits: number) => new Intl.NumberFormat(locale, { style: "unit", unit: name, maximumFractionDigits: digits });
  return {
    /** A remark of the reader or of the gate; the server's own sentence where we have no better. */
    finding: ({ code, message }: { code: string; message: string }) =>
      t([`finding.${code}`, `problems:title.${code}`, `reasons:${code}.text`], { defaultValue: message }),
    field: (name: string) => t(`field.${name}`, { defaultValue: name }),
    kept: (name: string) => t([`kept.${name}`, `field.${name}`], { defaultValue: t("kept.other") }),
    dateFormat: (format: string) => t(`date_format.${format.replaceAll(".", "_")}`, { defaultValue: format }),
    problem: (problem: Problem) => {
      const reason = problem.code === "file-unreadable" && typeof problem.facts.reason === "string" ? problem.facts.reason : null;
      return reason ? t(`unreadable.${reason}`, { defaultValue: problem.title }) : problemWords(problem).title;
    },
    bytes: (count: number) =>
      count < 1_000_000 ? unit("kilobyte", 0).format(Math.max(count / 1_000, 1)) : count < 1e9 ? unit("megabyte", 1).format(count / 1e6) : unit("gigabyte", 1).format(count / 1e9),
    duration: (seconds: number) => (seconds < 90 ? unit("second", 0).format(Math.ceil(seconds)) : unit("minute", 0).format(Math.ceil(seconds / 60))),
  };
}
