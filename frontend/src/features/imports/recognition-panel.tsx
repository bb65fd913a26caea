/** By what a row finds its card, surest first; a rule the file has nothing for is shown as such. */
import { Checkbox, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Panel, PanelBody } from "@/ui/panel";
import type { Editing } from "./file-step";
import classes from "./imports.module.css";
import type { Options } from "./queries";

type Rule = NonNullable<Options["match"]>[number];

const named = ["full_name", "family_name", "given_name", "company_name"];
/** Surest first, as the server tries them, with the fields one of which each needs. */
const rules: [Rule, string[][]][] = [
  ["external_id", [["external_id"]]],
  ["card", [["card"]]],
  ["fiscal_code", [["fiscal_code"]]],
  ["email", [["email"]]],
  ["phone", [["phone", "phone_2"]]],
  ["name_birth", [named, ["birth_on", "fiscal_code"]]],
  ["name_address", [named, ["street"]]],
];
/** A key of the file is always looked at: two cards may not share one. */
const fixed: Rule[] = ["external_id", "card", "fiscal_code"];

export function RecognitionPanel({ subject, isEditable, onChange, used }: Editing & { used: Set<string> }) {
  const { t } = useTranslation("imports");
  const chosen = subject.options.match ?? rules.map(([rule]) => rule);
  const toggle = (rule: Rule, isOn: boolean) =>
    onChange({ options: { ...subject.options, match: rules.map(([each]) => each).filter((each) => (each === rule ? isOn : chosen.includes(each))) } });
  return (
    <Panel title={t("match.title")} note={t("match.note")}>
      <PanelBody>
        <ol className={classes.rules}>
          {rules.map(([rule, needs]) => {
            const isThere = needs.every((some) => some.some((field) => used.has(field)));
            return (
              <li key={rule} data-absent={!isThere || undefined}>
                <Checkbox
                  size="sm"
                  label={t(`match.${rule}`)}
                  description={isThere ? undefined : t("match.absent")}
                  checked={chosen.includes(rule)}
                  disabled={!isEditable || !isThere || fixed.includes(rule)}
                  onChange={(event) => toggle(rule, event.currentTarget.checked)}
                />
              </li>
            );
          })}
        </ol>
        <Text size="sm" c="dimmed" mt="sm">
          {t("match.families")}
        </Text>
      </PanelBody>
    </Panel>
  );
}
