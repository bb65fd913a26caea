/** What an erasure takes, what stays and why, and who else must be told; nothing changes before the answer (C-24). */
import { Alert, Text } from "@mantine/core";
import { IconCircleCheck, IconEraser, IconLock, IconSpeakerphone } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import classes from "./privacy.module.css";
import { erasurePreviewQuery, type ErasurePreview, type PrivacyRequest } from "./queries";
import { useSectionWords } from "./section-words";
import { isClosed } from "./steps";
import { Onward } from "./work-step";

export function ErasureStep({ request, isEditable }: { request: PrivacyRequest; isEditable: boolean }) {
  const { t } = useTranslation("privacy");
  const maySee = useMay("privacy:write");
  if (isClosed(request) || !request.customer_id || !maySee) {
    return (
      <Panel>
        <PanelBody pt="lg">
          <Text>{t(isClosed(request) ? "erasure.over" : request.customer_id ? "erasure.reserved" : "erasure.nobody")}</Text>
        </PanelBody>
        {isEditable && (
          <PanelRow className={classes.onward}>
            <Onward request={request} />
          </PanelRow>
        )}
      </Panel>
    );
  }
  return <Preview request={request} customerId={request.customer_id} isEditable={isEditable} />;
}

function Preview({ request, customerId, isEditable }: { request: PrivacyRequest; customerId: string; isEditable: boolean }) {
  const { t } = useTranslation("privacy");
  const query = useQuery(erasurePreviewQuery(customerId));
  return (
    <Loaded query={query}>
      {(preview) => (
        <>
          {preview.is_partial && (
            <Alert color="yellow" icon={<IconLock size={18} />} title={t("erasure.partial")}>
              {preview.holds.map((hold) => `${t(`erasure.hold.${hold.kind}`)}: ${hold.note}`).join(" · ")}
            </Alert>
          )}
          <ErasureParts preview={preview} />
          {isEditable && (
            <div className={classes.onward}>
              <Onward request={request} />
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function ErasureParts({ preview }: { preview: ErasurePreview }) {
  const { t, i18n } = useTranslation("privacy");
  const { number, day } = useFormats();
  const sections = useSectionWords();
  return (
    <>
      <Panel title={t("erasure.goes")} note={preview.card_count > 1 ? t("erasure.cards", { count: preview.card_count }) : undefined}>
        <PanelBody>
          <dl className={classes.sections}>
            {preview.goes.map(({ section, count }) => (
              <div key={section}>
                <dt>
                  <IconEraser size={14} stroke={1.75} aria-hidden /> {sections(section)}
                </dt>
                <dd>{number(count)}</dd>
              </div>
            ))}
          </dl>
          {preview.queued_messages > 0 && (
            <Text size="sm" mt="sm">
              {t("erasure.queued", { count: preview.queued_messages })}
            </Text>
          )}
        </PanelBody>
      </Panel>
      <Panel title={t("erasure.stays")}>
        <PanelBody>
          <ul className={classes.list}>
            {preview.stays.map(({ part, because, until }) => (
              <li key={part}>
                <IconLock size={16} stroke={1.75} color="var(--deferred)" aria-hidden />
                <span>
                  <b>{t(`erasure.part.${part}`)}</b>
                  <Text size="sm" c="dimmed">
                    {because[i18n.language] ?? because.it}
                    {until && ` · ${t("erasure.until", { date: day(until) })}`}
                  </Text>
                </span>
              </li>
            ))}
          </ul>
        </PanelBody>
      </Panel>
      <Panel title={t("erasure.told")}>
        <PanelBody>
          {preview.told.length > 0 ? (
            <ul className={classes.list}>
              {preview.told.map(({ kind, name }) => (
                <li key={`${kind}-${name}`}>
                  <IconSpeakerphone size={16} stroke={1.75} aria-hidden />
                  <span>
                    {name}{" "}
                    <Text span size="sm" c="dimmed">
                      {t(`erasure.party.${kind}`)}
                    </Text>
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <Text size="sm" c="dimmed">
              <IconCircleCheck size={14} stroke={1.75} aria-hidden /> {t("erasure.told_nobody")}
            </Text>
          )}
        </PanelBody>
      </Panel>
    </>
  );
}
