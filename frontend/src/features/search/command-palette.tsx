/** People first, then what can be done, then places (UX §3). What is typed is never logged and never in the URL. */
import { Spotlight, createSpotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowRight, IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { PermissionBadge } from "@/ui/permission-badge";
import { PersonMark } from "@/ui/person";
import { emailAnswersOptions, usePeopleLookup, type EmailAnswer, type Found } from "./queries";
import classes from "./search.module.css";

const [store, palette] = createSpotlight();
export const openPalette = palette.open;

const places = [
  { to: "/", key: "today" },
  { to: "/customers", key: "customers" },
  { to: "/segments", key: "segments" },
  { to: "/campaigns", key: "campaigns" },
  { to: "/messages", key: "messages" },
  { to: "/calls", key: "calls" },
  { to: "/letters", key: "letters" },
  { to: "/templates", key: "templates" },
  { to: "/inbound", key: "inbound" },
  { to: "/deliverability", key: "deliverability" },
  { to: "/recalls", key: "recalls" },
  { to: "/results", key: "results" },
  { to: "/privacy", key: "privacy" },
  { to: "/settings", key: "settings" },
];

const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export function CommandPalette() {
  const { t } = useTranslation("search");
  const { t: tc } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [settled] = useDebouncedValue(query, 150);
  const people = usePeopleLookup(settled);
  const found = query.trim().length >= 2 ? (people.data?.items ?? []) : [];
  const emails = useQuery(emailAnswersOptions(found.map((person) => person.id)));
  const wanted = fold(query.trim());
  const shownPlaces = places.filter((place) => fold(tc(`places.${place.key}`)).includes(wanted));
  const isNobody = settled.trim().length >= 2 && settled === query && people.isSuccess && !people.isPlaceholderData && found.length === 0;

  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={["mod + K"]}
      clearQueryOnClose
      scrollable
      maxHeight={460}
      size={600}
      radius="lg"
    >
      <Spotlight.Search placeholder={t("placeholder")} aria-label={t("placeholder")} leftSection={<IconSearch size={18} stroke={1.75} />} />
      <Spotlight.ActionsList>
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t("people")}>
            {found.map((person) => (
              <Spotlight.Action
                key={person.id}
                className={classes.action}
                onClick={() => void navigate({ to: "/customers/$customerId", params: { customerId: person.id } })}
              >
                <PersonLine person={person} email={emails.data?.get(person.id)} />
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {people.isError && <Spotlight.Empty>{t("failed")}</Spotlight.Empty>}
        {isNobody && <Spotlight.Empty>{t("nobody", { q: settled.trim() })}</Spotlight.Empty>}
        {(wanted === "" || isNobody || fold(t("new_card")).includes(wanted)) && (
          <Spotlight.ActionsGroup label={t("actions")}>
            <Spotlight.Action
              className={classes.action}
              leftSection={<IconPlus size={16} stroke={1.75} />}
              label={t("new_card")}
              onClick={() => void navigate({ to: "/customers/new" })}
            />
          </Spotlight.ActionsGroup>
        )}
        {shownPlaces.length > 0 && (
          <Spotlight.ActionsGroup label={t("places")}>
            {shownPlaces.map((place) => (
              <Spotlight.Action
                key={place.key}
                className={classes.action}
                leftSection={<IconArrowRight size={16} stroke={1.75} />}
                label={tc(`places.${place.key}`)}
                onClick={() => void navigate({ href: place.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function PersonLine({ person, email }: { person: Found; email: EmailAnswer | undefined }) {
  const { t } = useTranslation("search");
  const formats = useFormats();
  const facts = [
    person.city,
    person.card_end ? t("card_end", { digits: person.card_end }) : null,
    person.phone_end ? t("phone_end", { digits: person.phone_end }) : null,
  ].filter(Boolean);
  return (
    <span className={classes.person}>
      <PersonMark name={person.full_name} />
      <span className={classes.words}>
        <b>{person.full_name}</b>
        <span className={classes.facts}>{facts.join(" · ")}</span>
      </span>
      {email && (
        <PermissionBadge
          family={email.family}
          label={t(`email_is.${email.family}`)}
          word={email.family === "allowed" ? "Email" : undefined}
          when={email.until ? formats.from(email.until) : null}
        />
      )}
    </span>
  );
}
