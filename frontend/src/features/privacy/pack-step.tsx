/** The access pack: asked for, built by a worker, listed, handed over by hand or by a link that lasts seven days (C-28). */
import { Alert, Button, Select, Text } from "@mantine/core";
import { IconDownload, IconHandStop, IconMail, IconPackage } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ConfirmAt } from "@/ui/confirm";
import { Fact } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./privacy.module.css";
import { isBuilding, useBuildPack, useDeliverPack, useDownloadPack, type Pack, type PrivacyRequest } from "./queries";
import { useSectionWords } from "./section-words";
import { Onward } from "./work-step";

type Props = { request: PrivacyRequest; isEditable: boolean };

export function PackStep({ request, isEditable }: Props) {
  const { t } = useTranslation("privacy");
  const [latest, ...older] = [...request.packs].sort((one, other) => other.copy_number - one.copy_number);
  const isOnItsWay = request.packs.some(isBuilding);
  const isReady = request.packs.some(({ state }) => state === "done");
  return (
    <>
      <Panel>
        <PanelBody pt="lg">
          <p className={classes.lead}>{t(`pack.lead.${request.kind}`)}</p>
          <Text size="sm" c="dimmed">
            {t("pack.help")}
          </Text>
        </PanelBody>
        {isEditable && !isOnItsWay && <BuildRow request={request} hasOne={isReady} />}
      </Panel>
      {latest && <PackPanel pack={latest} isEditable={isEditable} />}
      {older.map((pack) => (
        <PackPanel key={pack.id} pack={pack} isEditable={isEditable} />
      ))}
      {isReady && isEditable && (
        <div className={classes.onward}>
          <Onward request={request} />
        </div>
      )}
    </>
  );
}

function BuildRow({ request, hasOne }: { request: PrivacyRequest; hasOne: boolean }) {
  const { t } = useTranslation("privacy");
  const build = useBuildPack(request.id);
  const [language, setLanguage] = useState<"it" | "en" | null>(null);
  return (
    <PanelRow className={classes.onward}>
      <Select
        aria-label={t("pack.language")}
        value={language ?? "own"}
        onChange={(chosen) => setLanguage(chosen === "own" ? null : (chosen as "it" | "en"))}
        data={[
          { value: "own", label: `${t("pack.language")}: ${t("pack.language_own")}` },
          { value: "it", label: `${t("pack.language")}: italiano` },
          { value: "en", label: `${t("pack.language")}: English` },
        ]}
        allowDeselect={false}
        w={210}
      />
      <Button
        variant={hasOne ? "default" : "filled"}
        leftSection={<IconPackage size={16} stroke={1.75} />}
        loading={build.isPending}
        onClick={() => build.mutate({ intent: crypto.randomUUID(), language }, { onSuccess: () => tell(t("pack.asked")), onError: tellProblem })}
      >
        {t(hasOne ? "pack.again" : "pack.build")}
      </Button>
    </PanelRow>
  );
}

function PackPanel({ pack, isEditable }: { pack: Pack; isEditable: boolean }) {
  const { t } = useTranslation("privacy");
  const { moment, number, relativeDay } = useFormats();
  const sections = useSectionWords();
  const download = useDownloadPack();
  const deliver = useDeliverPack();
  return (
    <Panel
      title={t(`pack.state.${pack.state}`)}
      note={t("pack.copy", { number: pack.copy_number })}
      more={pack.state === "done" && pack.expires_at && <Fact>{t("pack.expires", { when: relativeDay(pack.expires_at) })}</Fact>}
    >
      <PanelBody>
        {isBuilding(pack) && (
          <Text size="sm" role="status">
            {t("pack.building")}
          </Text>
        )}
        {pack.state === "failed" && (
          <Alert color="red" icon={<IconHandStop size={18} />} role="alert">
            {pack.failure}
          </Alert>
        )}
        {Object.keys(pack.sections).length > 0 && (
          <dl className={classes.sections} aria-label={t("pack.contents")}>
            {Object.entries(pack.sections).map(([section, rows]) => (
              <div key={section}>
                <dt>{sections(section)}</dt>
                <dd>{number(rows)}</dd>
              </div>
            ))}
          </dl>
        )}
        <Text size="xs" c="dimmed" mt="sm">
          {[
            `${t("pack.asked_by", { name: pack.requested_by_name })}, ${moment(pack.created_at)}`,
            pack.sent_at && t("pack.sent_at", { when: moment(pack.sent_at) }),
            pack.fetched_at && t("pack.fetched_at", { when: moment(pack.fetched_at) }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </PanelBody>
      {pack.state === "done" && isEditable && (
        <PanelRow className={classes.onward}>
          <Button leftSection={<IconDownload size={16} stroke={1.75} />} loading={download.isPending} onClick={() => download.mutate(pack, { onError: tellProblem })}>
            {t("pack.download")}
          </Button>
          <ConfirmAt
            question={t("pack.send_question", { count: 7 })}
            verb={t("pack.send")}
            onConfirm={() => deliver.mutate(pack.id, { onSuccess: () => tell(t("pack.sent")), onError: tellProblem })}
          >
            {(open) => (
              <Button leftSection={<IconMail size={16} stroke={1.75} />} loading={deliver.isPending} onClick={open}>
                {t("pack.send")}
              </Button>
            )}
          </ConfirmAt>
        </PanelRow>
      )}
    </Panel>
  );
}
