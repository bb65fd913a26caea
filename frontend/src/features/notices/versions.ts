/** The versions of one notice: one number may have a text in each language. */
import type { Notice, NoticeVersion } from "./queries";

export function numbersOf({ versions }: Pick<Notice, "versions">): number[] {
  return [...new Set(versions.map(({ version }) => version))].sort((one, other) => other - one);
}

export function languagesOf({ versions }: Pick<Notice, "versions">): string[] {
  return [...new Set(versions.map(({ language }) => language))].sort();
}

/** A version in a language; in the first it was written in where that one is missing. */
export function versionIn({ versions }: Pick<Notice, "versions">, number: number, language: string): NoticeVersion | undefined {
  const texts = versions.filter(({ version }) => version === number);
  return texts.find((each) => each.language === language) ?? texts[0];
}

/** The newest version before one, in the same language: what it is compared with. */
export function before({ versions }: Pick<Notice, "versions">, { version, language }: NoticeVersion): NoticeVersion | undefined {
  return versions
    .filter((each) => each.language === language && each.version < version)
    .sort((one, other) => other.version - one.version)[0];
}
