/** `/privacy/register`: what is done with people's data, who does it for us, and what is in use but not written here (art. 30, C-34). */
import { Button, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconBook2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./accountability.module.css";
import { ActivityDrawer } from "./activity-drawer";
import { ActivityForm } from "./activity-form";
import { GapsPanel } from "./gaps-panel";
import { inReadingOrder, missingParts } from "./parts";
import { ProcessorsPanel } from "./processors-panel";
import { activitiesQuery, gapsQuery, type Activity } from "./queries";
import { TermsPanel } from "./terms-panel";
import { useTold } from "./words";

type Props = { rowId?: string; onRow: (id: string | undefined) => void };

export function RegisterPage({ rowId, onRow }: Props) {
  const { t } = useTranslation("accountability");
  const mayWrite = useMay("privacy:write");
  const query = useQuery(activitiesQuery);
  const [isAdding, setAdding] = useState(false);
  const opened = query.data?.find((each) => each.id === rowId);
  return (
    <>
      <PageHeader
        documentTitle={t("register.document")}
        title={<Title rows={query.data} />}
        subtitle={t("register.subtitle")}
        actions={
          <>
            <LinkButton to="/privacy/documents">{t("register.print")}</LinkButton>
            {mayWrite && (
              <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
                {t("register.add")}
              </Button>
            )}
          </>
        }
      />
      <div className={classes.stack}>
        <GapsPanel />
        <Panel title={t("register.rows")} count={query.data?.filter((each) => !each.ended_on).length}>
          <Loaded query={query}>
            {(rows) =>
              rows.length ? (
                inReadingOrder(rows).map((row) => <ActivityRow key={row.id} row={row} onOpen={() => onRow(row.id)} />)
              ) : (
                <EmptyFace icon={<IconBook2 size={28} stroke={1.5} />} title={t("register.empty")} detail={t("register.empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
        <ProcessorsPanel />
        <TermsPanel />
      </div>
      {opened && <ActivityDrawer activity={opened} onClose={() => onRow(undefined)} />}
      {isAdding && <ActivityForm onClose={() => setAdding(false)} />}
    </>
  );
}

function Title({ rows }: { rows: Activity[] | undefined }) {
  const { t } = useTranslation("accountability");
  const { data: gaps } = useQuery(gapsQuery);
  if (!rows || !gaps) return <>{t("register.document")}</>;
  const count = gaps.unregistered.length + rows.filter((each) => !each.ended_on && missingParts(each).length > 0).length;
  return <>{count ? t("register.title_gaps", { count }) : t("register.title_whole")}</>;
}

function ActivityRow({ row, onOpen }: { row: Activity; onOpen: () => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { day, list } = useFormats();
  const told = useTold();
  const missing = row.ended_on ? [] : missingParts(row);
  return (
    <PanelRow className={classes.row}>
      <div>
        <UnstyledButton className={classes.open} onClick={onOpen}>
          {told(row.name) || row.code}
        </UnstyledButton>
        <div className={classes.facts}>
          {row.purpose && <Fact>{tc(`purpose.${row.purpose}`, { defaultValue: row.purpose })}</Fact>}
          {row.side === "PROCESSOR" && <Fact>{t("register.for_client", { client: row.client })}</Fact>}
          {row.processors.length > 0 && <Fact>{list(row.processors)}</Fact>}
          <Fact>{t("register.version", { version: row.version, date: day(row.updated_at) })}</Fact>
        </div>
      </div>
      {row.ended_on ? (
        <ToneBadge tone="quiet" word={t("register.ended", { date: day(row.ended_on) })} />
      ) : (
        missing.length > 0 && <ToneBadge tone="wait" icon={IconAlertTriangle} word={t("register.to_fill", { count: missing.length })} />
      )}
    </PanelRow>
  );
}
