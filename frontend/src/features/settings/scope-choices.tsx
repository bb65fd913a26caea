/** What a key may do, domain by domain: reading and writing apart, the two dangerous ones by name. */
import { Checkbox, Text } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import classes from "./settings.module.css";

const domains = ["customers", "transactions", "consents", "messages", "segments", "campaigns", "recalls", "results", "catalog", "stores"];
const verbs = ["read", "write"];

export function useScopeWords() {
  const { t } = useTranslation("settings");
  return (scope: string): string => {
    if (scope === "*") return t("tokens.everything");
    const [domain = "", verb = ""] = scope.split(":");
    return `${t(`scope.${domain}`, { defaultValue: domain })}: ${t(`tokens.${verb}`, { defaultValue: verb })}`;
  };
}

export function ScopeChoices() {
  const { t } = useTranslation("settings");
  const words = useScopeWords();
  return (
    <div className={classes.scopes}>
      {domains.map((domain) => (
        <Fragment key={domain}>
          <Text size="sm">{t(`scope.${domain}`)}</Text>
          {verbs.map((verb) => (
            <Checkbox key={verb} size="xs" value={`${domain}:${verb}`} label={t(`tokens.${verb}`)} aria-label={words(`${domain}:${verb}`)} />
          ))}
        </Fragment>
      ))}
      <Text size="sm">{t("scope.campaigns")}</Text>
      <Checkbox size="xs" value="campaigns:send" label={t("tokens.send")} aria-label={words("campaigns:send")} style={{ gridColumn: "span 2" }} />
    </div>
  );
}
