/** What a text costs as it stands, counted by the server on merged words, and the characters that make it dear (M-02, M-03). */
import { Button, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { PanelRow } from "@/ui/panel";
import type { Preview } from "./queries";
import classes from "./templates.module.css";

export type Parts = NonNullable<Preview["parts"]>;
type Odd = Parts["odd_characters"][number];
type Props = { parts: Parts; body: string; onReplace: (body: string) => void };

export function TextParts({ parts, body, onReplace }: Props) {
  const { t } = useTranslation("templates");
  const { number, money } = useFormats();
  const isTooLong = parts.parts > parts.max_parts;
  // What a person's own data bring along cannot be mended in the template.
  const mendable = parts.odd_characters.filter((odd) => odd.replacement !== null && body.includes(odd.character));
  return (
    <PanelRow>
      <Text size="sm" role="status" fw={550} c={isTooLong ? "var(--denied)" : undefined}>
        {t("editor.parts", { count: parts.parts, characters: number(parts.characters), money: money(parts.cost) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t(parts.alphabet === "GSM-7" ? "editor.parts_cheap" : "editor.parts_dear")}
        {isTooLong && ` ${t("editor.parts_most", { count: parts.max_parts })}`}
      </Text>
      {parts.odd_characters.length > 0 && (
        <div className={classes.odd}>
          <IconAlertTriangle size={17} stroke={1.75} aria-hidden />
          <div>
            <Text size="sm">{t("editor.odd")}</Text>
            <div className={classes.variables}>
              {parts.odd_characters.map((odd) => (
                <OddCharacter key={odd.character} odd={odd} isMendable={mendable.includes(odd)} onReplace={() => onReplace(mend(body, [odd]))} />
              ))}
              {mendable.length > 1 && (
                <Button size="compact-xs" variant="subtle" onClick={() => onReplace(mend(body, mendable))}>
                  {t("editor.replace_all")}
                </Button>
              )}
            </div>
          </div>
        </div>
      )}
    </PanelRow>
  );
}

function OddCharacter({ odd, isMendable, onReplace }: { odd: Odd; isMendable: boolean; onReplace: () => void }) {
  const { t } = useTranslation("templates");
  const shown = odd.count > 1 ? `${odd.character} × ${odd.count}` : odd.character;
  if (!isMendable) {
    return (
      <span className={classes.variable} title={t(odd.replacement === null ? "editor.odd_stays" : "editor.odd_of_person")}>
        {shown}
      </span>
    );
  }
  return (
    <Button
      size="compact-xs"
      variant="default"
      onClick={onReplace}
      aria-label={t("editor.replace_named", { from: odd.character, to: odd.replacement || t("editor.nothing") })}
    >
      <span className={classes.swap}>
        {shown} → {odd.replacement || "∅"}
      </span>
      &nbsp;· {t("editor.replace")}
    </Button>
  );
}

/** The body with each of these characters replaced, outside the braces of a placeholder. */
export function mend(body: string, odds: Pick<Odd, "character" | "replacement">[]): string {
  return body
    .split(/(\{\{.*?\}\}|\{%.*?%\})/s)
    .map((piece, index) =>
      index % 2 ? piece : odds.reduce((text, odd) => text.replaceAll(odd.character, odd.replacement ?? odd.character), piece),
    )
    .join("");
}
