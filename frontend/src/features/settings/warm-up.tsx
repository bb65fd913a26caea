/** A domain nobody knows yet begins with few and doubles from day to day; a switch, with what it means beside it (E-18). */
import { Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { ConfirmAt } from "@/ui/confirm";
import { PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { type Sender, useWarmUp, warmUpsQuery } from "./queries";

export function WarmUp({ sender }: { sender: Sender }) {
  const { t } = useTranslation("settings");
  const { number, day } = useFormats();
  const mayWrite = useMay("messages:write");
  const { data } = useQuery(warmUpsQuery);
  const change = useWarmUp();
  if (!data) return null;
  const warmUp = data.get(sender.id) ?? null;
  const turn = (isOn: boolean) =>
    change.mutate({ id: sender.id, isOn }, { onSuccess: () => tell(t(isOn ? "senders.warm_up.started" : "senders.warm_up.stopped")), onError: tellProblem });
  return (
    <PanelRow>
      <ConfirmAt question={t("senders.warm_up.stop_detail")} verb={t("senders.warm_up.stop")} onConfirm={() => turn(false)}>
        {(ask) => (
          <Switch
            label={t("senders.warm_up.label")}
            description={t("senders.warm_up.help")}
            checked={warmUp !== null}
            disabled={!mayWrite || change.isPending}
            onChange={() => (warmUp ? ask() : turn(true))}
          />
        )}
      </ConfirmAt>
      {warmUp && (
        <Text size="sm" mt={6} pl={46}>
          {t("senders.warm_up.today", { since: day(warmUp.started_on), sent: number(warmUp.sent), allowance: number(warmUp.allowance) })}
        </Text>
      )}
    </PanelRow>
  );
}
