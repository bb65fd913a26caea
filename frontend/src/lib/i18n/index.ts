/**
 * Italian first, English beside it: one JSON per namespace and language, found by its path, so a feature adds two files and nothing else.
 * `useTranslation("customers")` reads `it/customers.json`. A test compares the keys of the two languages.
 */
import i18next, { type i18n, type PostProcessorModule } from "i18next";
import { initReactI18next } from "react-i18next";

export const languages = ["it", "en"] as const;
export type Language = (typeof languages)[number];

type Loader = () => Promise<{ default: Record<string, unknown> }>;
const italian = import.meta.glob<{ default: Record<string, unknown> }>("./it/*.json", { eager: true });
const english = import.meta.glob<{ default: Record<string, unknown> }>("./en/*.json") as Record<string, Loader>;

const namespaceOf = (path: string) => path.replace(/^.*\/(.+)\.json$/, "$1");
const remembered = "ritorno.language";

export function isLanguage(value: unknown): value is Language {
  return languages.includes(value as Language);
}

/** The choice of this browser, else its own language, else Italian. */
export function initialLanguage(): Language {
  const kept = localStorage.getItem(remembered);
  if (isLanguage(kept)) return kept;
  const spoken = navigator.language.slice(0, 2);
  return isLanguage(spoken) ? spoken : "it";
}

/** A choice made by hand: this browser keeps it, whatever the account says. */
export function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(remembered, language);
  return setLanguage(language);
}

/** The account's language, unless somebody chose another in this browser. */
export async function followAccountLanguage(language: string): Promise<void> {
  if (isLanguage(language) && !isLanguage(localStorage.getItem(remembered)) && language !== i18next.language) await setLanguage(language);
}

export async function setLanguage(language: Language): Promise<void> {
  if (language === "en" && !i18next.hasResourceBundle("en", "common")) {
    await Promise.all(
      Object.entries(english).map(async ([path, load]) =>
        i18next.addResourceBundle("en", namespaceOf(path), (await load()).default),
      ),
    );
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

const elided: Record<string, string> = { il: "l’", dal: "dall’", al: "all’", del: "dell’", nel: "nell’" };

/** Dates come into sentences as numbers, and Italian elides before 8 and 11: «dal 9», but «dall’8». */
export function elide(text: string): string {
  return text.replace(/(?<!\p{L})(il|dal|al|del|nel) (?=(?:8|11)(?!\d))/giu, (found, article: string) => {
    const short = elided[article.toLowerCase()] ?? found;
    return article[0] === article[0]?.toUpperCase() ? short[0]?.toUpperCase() + short.slice(1) : short;
  });
}

const elision: PostProcessorModule = {
  type: "postProcessor",
  name: "elision",
  process: (text: string) => (i18next.language === "it" ? elide(text) : text),
};

export async function startI18n(language: Language): Promise<i18n> {
  await i18next.use(initReactI18next).use(elision).init({
    lng: "it",
    fallbackLng: "it",
    defaultNS: "common",
    resources: {
      it: Object.fromEntries(Object.entries(italian).map(([path, file]) => [namespaceOf(path), file.default])),
    },
    interpolation: { escapeValue: false },
    returnNull: false,
    postProcess: ["elision"],
  });
  await setLanguage(language);
  return i18next;
}
