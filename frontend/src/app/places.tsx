/** The eight places, less those that have nothing to show yet. Sub-entries appear only inside their open place. */
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCalendarRepeat,
  IconChartHistogram,
  IconFilter,
  IconLogout,
  IconSettings,
  IconShieldLock,
  IconSpeakerphone,
  IconSun,
  IconUsers,
  type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { allows, type Me } from "@/api/me";
import { useChangeMe, useSignOut } from "@/features/session/queries";
import { useDueCount } from "@/features/today/queries";
import { chooseLanguage, type Language } from "@/lib/i18n";
import { PersonMark } from "@/ui/person";
import classes from "./places.module.css";

type Place = { to: string; key: string; /** Any of them opens the place. */ scope: string | string[]; icon: Icon; within?: { to: string; key: string; scope?: string }[] };

const places: Place[] = [
  { to: "/", key: "today", scope: "recalls:read", icon: IconSun },
  {
    to: "/customers",
    key: "customers",
    scope: "customers:read",
    icon: IconUsers,
    within: [
      { to: "/customers", key: "customers_list" },
      { to: "/customers/duplicates", key: "duplicates", scope: "duplicates:read" },
      { to: "/customers/imports", key: "imports", scope: "imports:read" },
      { to: "/customers/quality", key: "quality", scope: "quality:read" },
    ],
  },
  { to: "/segments", key: "segments", scope: "segments:read", icon: IconFilter },
  {
    to: "/campaigns",
    key: "campaigns",
    scope: ["campaigns:read", "calls:write"],
    icon: IconSpeakerphone,
    within: [
      { to: "/campaigns", key: "campaigns_list", scope: "campaigns:read" },
      { to: "/messages", key: "messages", scope: "messages:read" },
      { to: "/letters", key: "letters", scope: "messages:read" },
      { to: "/calls", key: "calls", scope: "calls:write" },
      { to: "/templates", key: "templates", scope: "messages:read" },
      { to: "/inbound", key: "inbound", scope: "messages:read" },
      { to: "/deliverability", key: "deliverability", scope: "messages:read" },
    ],
  },
  { to: "/recalls", key: "recalls", scope: "recalls:read", icon: IconCalendarRepeat },
  { to: "/results", key: "results", scope: "results:read", icon: IconChartHistogram },
  {
    to: "/privacy",
    key: "privacy",
    scope: ["privacy:read", "privacy:receive"],
    icon: IconShieldLock,
    within: [
      { to: "/privacy/requests", key: "privacy_requests" },
      { to: "/privacy/register", key: "privacy_register", scope: "privacy:read" },
      { to: "/privacy/notices", key: "privacy_notices", scope: "privacy:read" },
      { to: "/privacy/rpo", key: "privacy_rpo", scope: "privacy:read" },
      { to: "/privacy/access", key: "privacy_access", scope: "audit:read" },
      { to: "/privacy/documents", key: "privacy_documents", scope: "privacy:read" },
      { to: "/privacy/retention", key: "privacy_retention", scope: "privacy:read" },
      { to: "/privacy/incidents", key: "privacy_incidents", scope: "privacy:read" },
      { to: "/privacy/third-parties", key: "privacy_third_parties", scope: "privacy:read" },
    ],
  },
];

const isUnder = (path: string, to: string) => (to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`));

export function Places({ me, onFollow }: { me: Me; onFollow: () => void }) {
  const { t } = useTranslation();
  const path = useLocation({ select: (location) => location.pathname });
  const dueCount = useDueCount();
  return (
    <>
      <Link to="/" className={classes.logo} onClick={onFollow}>
        <b>
          <IconArrowBackUp size={15} stroke={2.4} aria-hidden />
        </b>
        <span>{t("app")}</span>
      </Link>
      {places.filter((place) => [place.scope].flat().some((scope) => allows(me.scopes, scope))).map((place) => {
        const within = (place.within ?? []).filter((sub) => !sub.scope || allows(me.scopes, sub.scope));
        const isOpen = isUnder(path, place.to) || within.some((sub) => isUnder(path, sub.to));
        // Whoever may not see a place's own page begins with the first they may see.
        const hasOwn = !place.within?.some((sub) => sub.to === place.to) || within.some((sub) => sub.to === place.to);
        // A place may hold others under its own address: the longest is where one is.
        const here = within.filter((sub) => isUnder(path, sub.to)).sort((a, b) => b.to.length - a.to.length)[0];
        return (
          <div key={place.key}>
            <Link to={hasOwn ? place.to : within[0]?.to ?? place.to} className={classes.place} data-open={isOpen || undefined} onClick={onFollow}>
              <place.icon size={18} stroke={1.75} aria-hidden />
              <span>{t(`places.${place.key}`)}</span>
              {place.key === "today" && !!dueCount && <span className={classes.count}>{dueCount}</span>}
            </Link>
            {isOpen &&
              within.map((sub) => (
                <Link key={sub.key} to={sub.to} className={classes.sub} data-open={sub === here || undefined} onClick={onFollow}>
                  {t(`places.${sub.key}`)}
                </Link>
              ))}
          </div>
        );
      })}
      <div className={classes.spring} />
      <Link to="/settings" className={classes.place} data-open={isUnder(path, "/settings") || undefined} onClick={onFollow}>
        <IconSettings size={18} stroke={1.75} aria-hidden />
        <span>{t("places.settings")}</span>
      </Link>
      <PersonMenu me={me} />
    </>
  );
}

function PersonMenu({ me }: { me: Me }) {
  const { t, i18n } = useTranslation("session");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const change = useChangeMe();
  function choose(language: Language) {
    void chooseLanguage(language).then(() => queryClient.invalidateQueries());
    change.mutate({ language });
  }
  return (
    <Menu position="right-end" width={240} keepMounted={false}>
      <Menu.Target>
        <UnstyledButton className={classes.place}>
          <PersonMark name={me.name} size={24} />
          <span>{me.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown p="sm">
        <Menu.Label>{t(`role.${me.role}`)}</Menu.Label>
        <Menu.Label>{t("language")}</Menu.Label>
        <SegmentedControl
          fullWidth
          value={i18n.language}
          onChange={(language) => choose(language as Language)}
          data={[
            { value: "it", label: "Italiano" },
            { value: "en", label: "English" },
          ]}
        />
        <Menu.Label>{t("appearance")}</Menu.Label>
        <SegmentedControl
          fullWidth
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
          data={(["auto", "light", "dark"] as const).map((scheme) => ({ value: scheme, label: t(`scheme.${scheme}`) }))}
        />
        <Menu.Divider my="sm" />
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.75} />}
          onClick={() =>
            signOut.mutate(undefined, {
              onSettled: () => {
                queryClient.clear();
                void navigate({ to: "/sign-in" });
              },
            })
          }
        >
          {t("sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
