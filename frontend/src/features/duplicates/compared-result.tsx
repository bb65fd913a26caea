import { useTranslation } from "react-i18next";
import { Panel } from "@/ui/panel";
import { inOrder, keptValue, type PermissionLine } from "./choices";
import { AlsoKept, TotalWorth } from "./compare-rows";
import { PermissionName, StricterPermission } from "./compared-permission";
import classes from "./duplicates.module.css";
import type { Choices, Preview } from "./queries";
import { useFieldValue } from "./values";

/** On a tablet held upright the result stands beneath the two cards. */
export function ComparedResult({ preview, choices, lines }: { preview: Preview; choices: Choices; lines: PermissionLine[] }) {
  const { t } = useTranslation("duplicates");
  const show = useFieldValue();
  const { differing } = inOrder(preview.fields);
  return (
    <Panel title={t("compare.merged")} highlighted>
      <dl className={classes.result}>
        {differing.map((field) => {
          const value = keptValue(field, choices);
          return (
            <div key={field.field}>
              <dt>{t(`field.${field.field}`)}</dt>
              <dd>
                {value === null ? "–" : show(field.field, value)}
                <AlsoKept field={field} preview={preview} />
              </dd>
            </div>
          );
        })}
        {lines.map((line) => (
          <div key={line.key}>
            <dt>
              <PermissionName line={line} />
            </dt>
            <dd>
              <StricterPermission line={line} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{t("compare.worth")}</dt>
          <dd>
            <TotalWorth preview={preview} />
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
