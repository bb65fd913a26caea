/** `/settings/$section`: a list on the left, one section on the right; each is saved by itself. */
import { Link } from "@tanstack/react-router";
import {
  IconBuildingStore,
  IconFileCertificate,
  IconFileText,
  IconHome,
  IconKey,
  IconLock,
  IconSend,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { allows, useMe } from "@/api/me";
import { PageHeader } from "@/ui/page-header";
import { AssessmentSection } from "./assessment-section";
import { BusinessSection } from "./business-section";
import { NoticesSection } from "./notices-section";
import { PeopleSection } from "./people-section";
import { type Section, scopeOf, sections } from "./sections";
import { SecuritySection } from "./security-section";
import { SendersSection } from "./senders-section";
import classes from "./settings.module.css";
import { StoresSection } from "./stores-section";
import { TokensSection } from "./tokens-section";

const icons: Record<Section, Icon> = {
  business: IconHome,
  stores: IconBuildingStore,
  people: IconUsers,
  security: IconLock,
  senders: IconSend,
  notices: IconFileText,
  assessment: IconFileCertificate,
  tokens: IconKey,
};
const bodies: Record<Section, ReactNode> = {
  business: <BusinessSection />,
  stores: <StoresSection />,
  people: <PeopleSection />,
  security: <SecuritySection />,
  senders: <SendersSection />,
  notices: <NoticesSection />,
  assessment: <AssessmentSection />,
  tokens: <TokensSection />,
};

export function SettingsPage({ section }: { section: Section }) {
  const { t } = useTranslation("settings");
  const { scopes } = useMe();
  const listed = sections.filter((each) => scopeOf[each] === null || allows(scopes, scopeOf[each]));
  return (
    <>
      <PageHeader key={section} documentTitle={t("title")} eyebrow={t("title")} title={t(`${section}.title`)} />
      <div className={classes.page}>
        <nav className={classes.nav} aria-label={t("nav")}>
          {listed.map((each) => {
            const Drawn = icons[each];
            return (
              <Link key={each} to="/settings/$section" params={{ section: each }} aria-current={each === section ? "page" : undefined}>
                <Drawn size={17} stroke={1.75} aria-hidden />
                {t(`section.${each}`)}
              </Link>
            );
          })}
        </nav>
        <div className={classes.body}>{bodies[section]}</div>
      </div>
    </>
  );
}
