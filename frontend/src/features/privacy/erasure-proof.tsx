/** After an erasure: its certificate, without a name, and who still has to be told. */
import { Button, Text } from "@mantine/core";
import { IconCertificate, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./privacy.module.css";
import { certificateHref, erasureOfQuery, partiesQuery, useMarkTold, type PartyToTell } from "./queries";

export function ErasureProof({ requestId }: { requestId: string }) {
  const { t } = useTranslation("privacy");
  const query = useQuery(erasureOfQuery(requestId));
  return (
    <Loaded query={query}>
      {(erasure) =>
        erasure && (
          <Panel title={t("proof.title")} note={t(erasure.is_partial ? "proof.partial" : "proof.whole")}>
            <PanelBody>
              <Text size="sm" c="dimmed">
                {t("proof.detail")}
              </Text>
            </PanelBody>
            <PanelRow className={classes.onward}>
              <Button component="a" href={certificateHref(erasure.id)} download leftSection={<IconCertificate size={16} stroke={1.75} />}>
                {t("proof.certificate")}
              </Button>
            </PanelRow>
            <Parties erasureId={erasure.id} />
          </Panel>
        )
      }
    </Loaded>
  );
}

function Parties({ erasureId }: { erasureId: string }) {
  const query = useQuery(partiesQuery);
  const parties = query.data?.filter((party) => party.erasure_id === erasureId) ?? [];
  return (
    <>
      {parties.map((party) => (
        <PartyRow key={party.id} party={party} />
      ))}
    </>
  );
}

export function PartyRow({ party }: { party: PartyToTell }) {
  const { t } = useTranslation("privacy");
  const { moment } = useFormats();
  const mayWrite = useMay("privacy:write");
  const mark = useMarkTold();
  return (
    <PanelRow className={classes.between}>
      <b>{party.name}</b>
      {party.told_at ? (
        <ToneBadge tone="good" icon={IconCircleCheck} word={t("proof.told_at", { when: moment(party.told_at), who: party.told_by })} />
      ) : (
        mayWrite && (
          <Button size="xs" loading={mark.isPending} onClick={() => mark.mutate(party.id, { onSuccess: () => tell(t("proof.told")), onError: tellProblem })}>
            {t("proof.mark")}
          </Button>
        )
      )}
    </PanelRow>
  );
}
