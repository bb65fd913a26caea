/** `/privacy/third-parties`: who may be given people's data, to how many it went, and what each must be told (C-19). */
import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconBuildingStore, IconCircleCheck, IconCircleDashed, IconHandStop, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./disclosures.module.css";
import { recipientsQuery, useActivate, useEnd, type Recipient } from "./queries";
import { RecipientForm } from "./recipient-form";
import { ToTellPanel } from "./to-tell-panel";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function RecipientsPage({ cursor, onCursor }: Props) {
  const { t } = useTranslation("disclosures");
  const mayWrite = useMay("privacy:write");
  const query = useQuery(recipientsQuery);
  const [edited, setEdited] = useState<Recipient | "new" | null>(null);
  const active = query.data?.filter(({ status }) => status === "active").length ?? 0;
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={query.data ? (active ? t("title", { count: active }) : t("title_none")) : t("document")}
        subtitle={t("subtitle")}
        actions={
          mayWrite && (
            <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
              {t("add")}
            </Button>
          )
        }
      />
      <div className={classes.stack}>
        <Panel title={t("recipients")} count={query.data?.length}>
          <Loaded query={query}>
            {(recipients) =>
              recipients.length ? (
                recipients.map((each) => <RecipientRow key={each.id} recipient={each} onEdit={mayWrite ? () => setEdited(each) : undefined} />)
              ) : (
                <EmptyFace icon={<IconBuildingStore size={28} stroke={1.5} />} title={t("empty")} detail={t("empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
        <ToTellPanel cursor={cursor} onCursor={onCursor} />
      </div>
      {edited && <RecipientForm recipient={edited === "new" ? undefined : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function RecipientRow({ recipient, onEdit }: { recipient: Recipient; onEdit?: () => void }) {
  const { t } = useTranslation("disclosures");
  const { t: tc } = useTranslation();
  const { number } = useFormats();
  const activate = useActivate();
  const [isEnding, setEnding] = useState(false);
  return (
    <PanelRow className={classes.row}>
      <div>
        <Text fw={600}>{recipient.name}</Text>
        <Text size="sm" c="dimmed">
          {recipient.stated_use}
        </Text>
        <div className={classes.facts}>
          <Fact>{recipient.merchandise_category}</Fact>
          <Fact>{recipient.country}</Fact>
          <Fact>{t("people", { count: recipient.people_count, formatted: number(recipient.people_count) })}</Fact>
          {recipient.pending_notices > 0 && <Fact icon={<IconAlertTriangle size={13} color="var(--deferred)" />}>{t("pending", { count: recipient.pending_notices })}</Fact>}
        </div>
      </div>
      <div className={classes.acts}>
        {recipient.status === "active" && <ToneBadge tone="good" icon={IconCircleCheck} word={t("state.active")} />}
        {recipient.status === "draft" && <ToneBadge tone="quiet" icon={IconCircleDashed} word={t(!recipient.is_registered ? "state.unregistered" : recipient.has_notice ? "state.draft" : "state.unnamed")} />}
        {recipient.status === "ended" && <ToneBadge tone="bad" icon={IconHandStop} word={t("state.ended")} />}
        {onEdit && recipient.status !== "ended" && (
          <Button size="xs" onClick={onEdit}>
            {tc("act.edit")}
          </Button>
        )}
        {onEdit && recipient.status === "draft" && (
          <Button size="xs" loading={activate.isPending} onClick={() => activate.mutate(recipient.id, { onSuccess: () => tell(t("activated")), onError: tellProblem })}>
            {t("activate")}
          </Button>
        )}
        {onEdit && recipient.status === "active" && (
          <Button size="xs" onClick={() => setEnding(true)}>
            {t("end")}
          </Button>
        )}
      </div>
      {isEnding && <EndModal recipient={recipient} onClose={() => setEnding(false)} />}
    </PanelRow>
  );
}

function EndModal({ recipient, onClose }: { recipient: Recipient; onClose: () => void }) {
  const { t } = useTranslation("disclosures");
  const { number } = useFormats();
  const end = useEnd();
  return (
    <ConfirmModal
      isOpen
      onClose={onClose}
      title={t("end_title", { name: recipient.name })}
      verb={t("end")}
      isHarmful
      isBusy={end.isPending}
      onConfirm={() => end.mutate(recipient.id, { onSuccess: () => tell(t("ended")), onError: tellProblem, onSettled: onClose })}
    >
      <Text size="sm">{t("end_detail", { count: recipient.people_count, formatted: number(recipient.people_count) })}</Text>
    </ConfirmModal>
  );
}
