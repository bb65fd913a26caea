import { IconBan, IconEraser, IconFileExport, IconFileSearch, IconLock, IconPencil, type Icon } from "@tabler/icons-react";
import type { RequestKind } from "./queries";

const icons: Record<RequestKind, Icon> = {
  ACCESS: IconFileSearch,
  PORTABILITY: IconFileExport,
  RECTIFICATION: IconPencil,
  ERASURE: IconEraser,
  RESTRICTION: IconLock,
  OBJECTION: IconBan,
};

export function KindIcon({ kind, size = 18 }: { kind: RequestKind; size?: number }) {
  const Drawn = icons[kind];
  return <Drawn size={size} stroke={1.75} aria-hidden />;
}
