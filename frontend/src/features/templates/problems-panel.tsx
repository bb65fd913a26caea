/** What the server's checks found, beside the text. Errors keep a template from leaving (B-25). */
import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import type { TemplateProblem } from "./queries";
import classes from "./templates.module.css";

type Props = { problems: TemplateProblem[]; onPick: (problem: TemplateProblem) => void };

export function ProblemsPanel({ problems, onPick }: Props) {
  const { t } = useTranslation("templates");
  if (problems.length === 0) {
    return (
      <Panel title={t("editor.problems")}>
        <PanelBody style={{ display: "flex", gap: 8, color: "var(--allowed)" }}>
          <IconCircleCheck size={18} stroke={1.75} aria-hidden />
          <Text size="sm">{t("editor.problems_none")}</Text>
        </PanelBody>
      </Panel>
    );
  }
  return (
    <Panel title={t("editor.problems")} count={problems.length}>
      <div role="status">
        {problems.map((problem, index) => (
          <PanelRow key={index}>
            <div className={classes.problem} data-severity={problem.severity}>
              {problem.severity === "error" ? <IconAlertTriangle size={17} stroke={1.75} aria-hidden /> : <IconInfoCircle size={17} stroke={1.75} aria-hidden />}
              <div>
                <Text size="sm">{t(`finding.${problem.code}`, { detail: problem.message, defaultValue: problem.message })}</Text>
                <Text size="xs" c="dimmed" component="button" type="button" onClick={() => onPick(problem)} className={classes.where}>
                  {t(`editor.${problem.severity}`)} · {t(`editor.language.${problem.language}`, { defaultValue: problem.language })}
                  {problem.line ? ` · ${t("editor.line", { line: problem.line })}` : ""}
                </Text>
              </div>
            </div>
          </PanelRow>
        ))}
      </div>
    </Panel>
  );
}
