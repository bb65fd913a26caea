import { SegmentedControl, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/api/me";
import { chooseLanguage, type Language } from "@/lib/i18n";
import { signInHintsOptions } from "./queries";
import { SignInForm } from "./sign-in-form";
import classes from "./sign-in.module.css";

export function SignInPage({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t, i18n } = useTranslation("session");
  const hints = useQuery(signInHintsOptions);
  const demo = hints.data?.demo ?? undefined;
  useEffect(() => {
    document.title = `${t("title")} · Ritorno`;
  }, [t]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.logo}>
          <b>
            <IconArrowBackUp size={18} stroke={2.4} aria-hidden />
          </b>
          Ritorno
        </div>
        <h1 className={classes.title}>{hints.data ? t("heading", { business: hints.data.business_name }) : t("heading_plain")}</h1>
        {!hints.isPending && <SignInForm key={demo?.email ?? "plain"} initial={demo} onSignedIn={onSignedIn} />}
        {demo && (
          <Text size="xs" c="dimmed" mt="md">
            {t("demo_hint")}
          </Text>
        )}
        <SegmentedControl
          className={classes.languages}
          value={i18n.language}
          onChange={(language) => void chooseLanguage(language as Language)}
          data={[
            { value: "it", label: "Italiano" },
            { value: "en", label: "English" },
          ]}
          aria-label={t("language")}
        />
      </div>
    </main>
  );
}
