/** Draws an act only for those whom the server would let do it; the server decides again on every request. */
import type { ReactNode } from "react";
import { useMay } from "@/api/me";

export function OnlyIf({ may, children }: { may: string; children: ReactNode }) {
  return useMay(may) ? <>{children}</> : null;
}
