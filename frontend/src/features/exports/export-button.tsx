/** «Esporta»: drawn for those who may, and only where what they see may leave as a file. */
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { allows, useMay, useMe } from "@/api/me";
import { ExportModal } from "./export-modal";
import { kindsQuery, type ExportFilter, type ExportKind } from "./queries";

export type ExportAbout = {
  kind: ExportKind;
  filters?: ExportFilter;
  /** What the page shows that the file will not heed. */
  note?: ReactNode;
};

export function ExportButton(about: ExportAbout) {
  const mayExport = useMay("exports:run");
  return mayExport ? <Allowed {...about} /> : null;
}

function Allowed(about: ExportAbout) {
  const { t } = useTranslation("exports");
  const me = useMe();
  const [isOpen, { open, close }] = useDisclosure(false);
  const { data: kinds } = useQuery(kindsQuery);
  const kind = kinds?.find((each) => each.kind === about.kind);
  if (kind && !kind.scopes.every((scope) => allows(me.scopes, scope))) return null;
  return (
    <>
      <Button leftSection={<IconFileExport size={16} stroke={1.75} />} onClick={open}>
        {t("act")}
      </Button>
      {isOpen && <ExportModal {...about} mayContact={kind?.may_contact ?? false} onClose={close} />}
    </>
  );
}
