/** Single-letter keys and sequences like `G T`. They are silent while somebody types and can be switched off (WCAG 2.1.4). */
import { useEffect, useRef } from "react";

const off = "ritorno.keys.off";
const patience = 1_000;
/** The first key of every sequence: what follows it belongs to it, whoever listens. */
const leader = "g";

export const keysAreOff = () => localStorage.getItem(off) === "1";
export const switchKeys = (on: boolean) => (on ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Enter already means something on a link or a button. */
function pressesItself(event: KeyboardEvent): boolean {
  return event.key === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button, summary") !== null;
}

/** `useKeys({ n: addNote, "g t": goToday, "?": showKeys })` */
export function useKeys(bindings: Record<string, () => void>): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    let pending = "";
    let pressedAt = 0;
    function onKey(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || pressesItself(event) || document.querySelector("[role=dialog]") || keysAreOff()) return;
      const key = event.key.toLowerCase();
      const follows = pending !== "" && event.timeStamp - pressedAt < patience;
      pressedAt = event.timeStamp;
      const act = latest.current[follows ? `${pending} ${key}` : key];
      pending = !act && key === leader ? key : "";
      if (!act) return;
      event.preventDefault();
      act();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
