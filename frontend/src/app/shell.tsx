/** The frame around every page: places at the left, search and running work above. */
import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { Activity } from "@/features/activity/activity";
import { CommandPalette, openPalette } from "@/features/search/command-palette";
import { SearchField } from "@/features/search/search-field";
import { StepUp } from "@/features/session/step-up";
import { SessionGuard } from "@/features/session/session-guard";
import { useKeys } from "@/lib/keys";
import { followAccountLanguage } from "@/lib/i18n";
import { OfflineBanner } from "./offline-banner";
import { Places } from "./places";
import classes from "./shell.module.css";

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  const [isMenuOpen, menu] = useDisclosure(false);
  const navigate = useNavigate();

  useEffect(() => {
    void followAccountLanguage(me.language);
  }, [me.language]);

  const go = (href: string) => () => void navigate({ href });
  useKeys({
    "/": openPalette,
    "g t": go("/"),
    "g c": go("/customers"),
    "g s": go("/segments"),
    "g m": go("/campaigns"),
    "g r": go("/recalls"),
    "g e": go("/results"),
    "g p": go("/privacy"),
  });

  return (
    <AppShell
      header={{ height: 54 }}
      navbar={{ width: { base: 208, sm: 64, lg: 208 }, breakpoint: "sm", collapsed: { mobile: !isMenuOpen } }}
      layout="alt"
      padding={0}
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a href="#main" className={classes.skip}>
        {t("skip")}
      </a>
      <AppShell.Header className="no-print">
        <Group h="100%" px="xl" gap="md" wrap="nowrap">
          <Burger opened={isMenuOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={t("places.menu")} />
          <SearchField onOpen={openPalette} />
          <Activity />
          <span className={classes.business}>{me.demo ? `${me.business.name} · ${t("invented")}` : me.business.name}</span>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="no-print" aria-label={t("places.main")}>
        <Places me={me} onFollow={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <OfflineBanner />
        <div className={classes.page}>{children}</div>
      </AppShell.Main>
      <CommandPalette />
      <SessionGuard />
      <StepUp />
    </AppShell>
  );
}
