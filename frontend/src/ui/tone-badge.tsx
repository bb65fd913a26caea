/** A state in icon, word and tone, with the shapes of the permission badge: never colour alone. */
import type { Icon } from "@tabler/icons-react";
import classes from "./permission-badge.module.css";

export type Tone = "good" | "bad" | "wait" | "doubt" | "quiet";

const families: Record<Tone, string> = { good: "allowed", bad: "said_no", wait: "later", doubt: "review", quiet: "not_asked" };

export function ToneBadge({ tone, word, icon: Drawn }: { tone: Tone; word: string; icon?: Icon }) {
  return (
    <span className={classes.badge} data-family={families[tone]}>
      {Drawn && <Drawn size={14} stroke={2} aria-hidden />}
      <span>{word}</span>
    </span>
  );
}
