/** Every kind of task that the server opens has its words in both languages. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import english from "@/lib/i18n/en/activity.json";
import italian from "@/lib/i18n/it/activity.json";

const root = "../backend/ritorno";
const files = (readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith(".py"));

const sources = files.map((name) => readFileSync(`${root}/${name}`, "utf8"));

/** What a constant is called in one file, or wherever it is defined. */
const valueOf = (name: string, here: string) =>
  [here, ...sources].map((source) => new RegExp(`^${name}(?:: [^=]+)? = "([^"]+)"`, "m").exec(source)?.[1]).find(Boolean);

function kindsIn(source: string): string[] {
  return [...source.matchAll(/\bopen_task\((?:[^()]|\([^()]*\))*?\bkind=(?:"([^"]+)"|(?:\w+\.)?([A-Z_]+)\b)/g)].flatMap(([, kind, name]) => {
    const found = kind ?? valueOf(name ?? "", source);
    return found ? [found] : [];
  });
}

const kinds = [...new Set(sources.flatMap(kindsIn))].sort();

const said = (dictionary: object, kind: string) =>
  `task.${kind}.title`.split(".").reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], dictionary);

it("finds the kinds in the server", () => {
  expect(kinds).toContain("message_in_doubt");
  expect(kinds).toContain("reply_to_read");
});

it.each(kinds)("%s has words", (kind) => {
  expect(said(italian, kind)).toBeTruthy();
  expect(said(english, kind)).toBeTruthy();
});
