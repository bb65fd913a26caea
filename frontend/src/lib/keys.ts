/** Single-letter keys and sequences like `G T`. They are silent while somebody types and can be switched off (WCAG 2.1.4). */
import { useEffect, useRef } from "react";

const off = "ritorno.keys.off";
const patience = 1_000;

export const keysAreOff = () => localStorage.getItem(off) === "1";
export const switchKeys = (on: boolean) => (on ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
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
      if (isTyping(event.target) || document.querySelector("[role=dialog]") || keysAreOff()) return;
      const key = event.key.toLowerCase();
      const sequence = pending && event.timeStamp - pressedAt < patience ? `${pending} ${key}` : key;
      pressedAt = event.timeStamp;
      const act = latest.current[sequence] ?? latest.current[key];
      pending = act ? "" : key;
      if (!act) return;
      event.preventDefault();
      act();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
