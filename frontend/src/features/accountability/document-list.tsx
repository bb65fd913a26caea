/** `/privacy/documents`: what an inspector asks for, printed from what is really configured; every version is kept (C-33). */
import { Button, Menu, SegmentedControl, Text } from "@mantine/core";
import { IconDownload, IconFileText, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./accountability.module.css";
import { documentHref, documentsQuery, documentVersionsQuery, useMakeDocument, type Document, type DocumentKind } from "./queries";

const kinds: DocumentKind[] = [
  "REGISTER",
  "NOTICE",
  "NOTICE_14",
  "DPA_LIST",
  "TRANSFERS",
  "DPIA_SCREENING",
  "LIA_POST",
  "LIA_PHONE",
  "SECURITY_MEASURES",
  "STAFF_INSTRUCTIONS",
  "BREACH_LOG",
  "PROCESSING_TERMS",
  "REGISTER_PROCESSOR",
];
/** Lists come as a table for other programs too. */
const tables = new Set<DocumentKind>(["REGISTER", "REGISTER_PROCESSOR", "DPA_LIST", "BREACH_LOG"]);
type Language = "it" | "en";

export function DocumentList() {
  const { t, i18n } = useTranslation("accountability");
  const [language, setLanguage] = useState<Language>(i18n.language === "en" ? "en" : "it");
  const query = useQuery(documentsQuery(language));
  return (
    <>
      <PageHeader
        documentTitle={t("document.document")}
        title={t("document.title")}
        subtitle={t("document.subtitle")}
        actions={
          <SegmentedControl
            aria-label={t("document.language")}
            value={language}
            onChange={(chosen) => setLanguage(chosen as Language)}
            data={[
              { value: "it", label: "Italiano" },
              { value: "en", label: "English" },
            ]}
          />
        }
      />
      <Panel aria-label={t("document.document")}>
        <Loaded query={query}>
          {(documents) =>
            kinds.map((kind) => (
              <KindRow key={kind} kind={kind} language={language} newestOnes={documents.filter((each) => each.kind === kind)} />
            ))
          }
        </Loaded>
      </Panel>
    </>
  );
}

function KindRow({ kind, language, newestOnes }: { kind: DocumentKind; language: Language; newestOnes: Document[] }) {
  const { t } = useTranslation("accountability");
  const { moment } = useFormats();
  const mayWrite = useMay("privacy:write");
  const make = useMakeDocument();
  const newest = newestOnes.find((each) => each.format === "pdf") ?? newestOnes[0];
  const print = (format: "pdf" | "csv") =>
    make.mutate(
      { kind, language, format },
      {
        onSuccess: (made) => tell(t(newestOnes.some((each) => each.id === made.id) ? "document.same" : "document.made", { version: made.version })),
        onError: tellProblem,
      },
    );
  return (
    <PanelRow className={classes.row}>
      <div>
        <Text fw={600}>{t(`document.kind.${kind}`)}</Text>
        <Text size="sm" c="dimmed">
          {newest ? t("document.newest", { version: newest.version, when: moment(newest.made_at), who: newest.made_by }) : t(`document.about.${kind}`)}
        </Text>
      </div>
      <div className={classes.acts}>
        {newest && (newest.version > 1 || newestOnes.length > 1) && <Older kind={kind} language={language} />}
        {newest && (
          <Button size="xs" component="a" href={documentHref(newest.id)} target="_blank" leftSection={<IconDownload size={15} stroke={1.75} />} aria-label={`${t("document.open")}: ${t(`document.kind.${kind}`)}`}>
            {t("document.open")}
          </Button>
        )}
        {mayWrite && tables.has(kind) && (
          <Button size="xs" loading={make.isPending && make.variables.format === "csv"} onClick={() => print("csv")}>
            CSV
          </Button>
        )}
        {mayWrite && (
          <Button size="xs" leftSection={<IconPrinter size={15} stroke={1.75} />} loading={make.isPending && make.variables.format === "pdf"} onClick={() => print("pdf")} aria-label={`${t("document.make")}: ${t(`document.kind.${kind}`)}`}>
            {t("document.make")}
          </Button>
        )}
      </div>
    </PanelRow>
  );
}

function Older({ kind, language }: { kind: DocumentKind; language: Language }) {
  const { t } = useTranslation("accountability");
  const { day } = useFormats();
  const [isOpen, setOpen] = useState(false);
  const { data: versions = [] } = useQuery({ ...documentVersionsQuery(kind, language), enabled: isOpen });
  return (
    <Menu position="bottom-end" opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <Button size="xs" variant="subtle">
          {t("document.older")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflow: "auto" }}>
        {versions.map((each) => (
          <Menu.Item key={each.id} component="a" href={documentHref(each.id)} target="_blank" leftSection={<IconFileText size={15} stroke={1.75} />}>
            {t("document.version", { version: each.version, date: day(each.made_at), format: each.format.toUpperCase() })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
