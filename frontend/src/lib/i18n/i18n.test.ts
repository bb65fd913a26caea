/** Both languages say the same things (UX §5): same files, same keys, same plurals, same values inside the sentences. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { elide } from ".";

const here = join(process.cwd(), "src/lib/i18n");
const source = join(process.cwd(), "src");
const files = (language: string) => readdirSync(join(here, language)).sort();
const read = (language: string, file: string) => JSON.parse(readFileSync(join(here, language, file), "utf8")) as object;

function sentences(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  return Object.entries(node as object).flatMap(([key, child]) => sentences(child, path ? `${path}.${key}` : key));
}
const valuesIn = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map((found) => found[1]).sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) ? [path] : [];
  });
}

it("elides the article before 8 and 11, and before nothing else", () => {
  expect(elide("Com’era il 8 marzo, dal 11 al 18 e dal 80")).toBe("Com’era l’8 marzo, dall’11 al 18 e dal 80");
});

it("has the same namespaces in both languages", () => {
  expect(files("en")).toEqual(files("it"));
});

describe.each(files("it"))("%s", (file) => {
  const italian = new Map(sentences(read("it", file)));
  const english = new Map(sentences(read("en", file)));

  it("has the same keys in both languages", () => {
    expect([...english.keys()].sort()).toEqual([...italian.keys()].sort());
  });

  it("speaks of the same values in both languages", () => {
    for (const [key, text] of italian) expect([key, valuesIn(english.get(key) ?? "")]).toEqual([key, valuesIn(text)]);
  });

  it("leaves no sentence empty", () => {
    for (const [key, text] of [...italian, ...english]) expect([key, text.trim() !== ""]).toEqual([key, true]);
  });
});

it("knows every key that the screens ask for by name", () => {
  const known = new Set<string>();
  for (const file of files("it")) {
    for (const [key] of sentences(read("it", file))) {
      const namespace = file.replace(".json", "");
      known.add(`${namespace}:${key}`);
      known.add(`${namespace}:${key.replace(/_(zero|one|two|few|many|other)$/, "")}`);
    }
  }
  const unknown: string[] = [];
  for (const path of sources(source)) {
    const code = readFileSync(path, "utf8");
    const namespaces = new Map<string, string>();
    for (const [, bound, namespace] of code.matchAll(/const {([^}]*)} = useTranslation\((?:"(\w+)")?\)/g)) {
      const name = /\bt(?::\s*(\w+))?/.exec(bound ?? "");
      if (name) namespaces.set(name[1] ?? "t", namespaces.has(name[1] ?? "t") ? "" : (namespace ?? "common"));
    }
    for (const [, name, key] of code.matchAll(/(?<![\w.])(\w+)\(\s*"([\w.]+)"/g)) {
      const namespace = namespaces.get(name ?? "");
      if (namespace && !known.has(`${namespace}:${key}`)) unknown.push(`${path.slice(source.length + 1)}: ${namespace}:${key}`);
    }
  }
  expect(unknown).toEqual([]);
});
