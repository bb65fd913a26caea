/** The words to say, large enough to be read while talking; what the law wants said comes first. */
import { useTranslation } from "react-i18next";
import { Panel, PanelRow } from "@/ui/panel";
import classes from "./calls.module.css";
import type { Call } from "./queries";

export function ScriptPanel({ script }: { script: NonNullable<Call["script"]> }) {
  const { t } = useTranslation("calls");
  return (
    <Panel title={t("script.title")}>
      <PanelRow>
        <h3 className={classes.caption}>{t("script.by_law")}</h3>
        <div lang={script.language} className={classes.script}>
          {script.opening.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </PanelRow>
      <PanelRow>
        <h3 className={classes.caption}>{t("script.then")}</h3>
        <div lang={script.language} className={classes.script}>
          {script.body
            .split(/\n{2,}/)
            .filter((part) => part.trim())
            .map((part, index) => (
              <p key={index}>{part}</p>
            ))}
        </div>
      </PanelRow>
      <PanelRow>
        <details className={classes.details}>
          <summary>{t("script.source")}</summary>
          <p lang={script.language}>{script.about_source}</p>
        </details>
      </PanelRow>
    </Panel>
  );
}
