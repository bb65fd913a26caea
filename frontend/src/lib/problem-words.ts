/** A refusal in the reader's language: by its code where we have words for it, in the server's own otherwise. */
import i18next from "i18next";

type Told = { code: string; title: string; detail: string | null };

/** What happened, in one sentence; the server's detail where it says more than its title. */
export function problemWords({ code, title, detail }: Told): { title: string; detail: string | null } {
  const words = i18next.t(`problems:title.${code}`, { defaultValue: title });
  return { title: words || title, detail: detail && detail !== title ? detail : null };
}

export function fieldWords({ code, message }: { code: string; message: string }): string {
  return i18next.t(`problems:field.${code}`, { defaultValue: message });
}
