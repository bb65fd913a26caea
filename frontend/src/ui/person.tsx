/** Initials in a circle: never a picture, never a colour that means something. */
import classes from "./person.module.css";

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? "";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

export function PersonMark({ name, size = 28 }: { name: string; size?: number }) {
  return (
    <span className={classes.mark} style={{ width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.36)) }} aria-hidden>
      {initialsOf(name)}
    </span>
  );
}
