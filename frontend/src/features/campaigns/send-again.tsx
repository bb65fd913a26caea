/** «Invia a chi non è stato raggiunto»: only whom a passing reason kept it from; what is in doubt is never sent again blindly. */
import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { IconRepeat } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { tell, tellProblem } from "@/ui/toast";
import { type Campaign, notReachedQuery, useCampaignAct } from "./queries";

export function SendAgain({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation("campaigns");
  const { number } = useFormats();
  const { data: count = 0 } = useQuery(notReachedQuery(campaign));
  const act = useCampaignAct(campaign.id);
  const [isOpen, modal] = useDisclosure(false);
  // One key for one intent: a second press or a retry is the same attempt.
  const [key, setKey] = useState(() => crypto.randomUUID());
  if (count === 0) return null;
  const words = { count, formatted: number(count) };
  const send = () =>
    act.mutate(
      { act: "send_again", key },
      { onSuccess: () => (tell(t("again.done")), setKey(crypto.randomUUID())), onError: tellProblem, onSettled: modal.close },
    );
  return (
    <>
      <Button leftSection={<IconRepeat size={16} />} onClick={modal.open}>
        {t("again.act", words)}
      </Button>
      <ConfirmModal isOpen={isOpen} onClose={modal.close} title={t("again.title")} verb={t("again.verb", words)} isBusy={act.isPending} onConfirm={send}>
        <Text>{t("again.detail", words)}</Text>
        {(campaign.progress?.unknown ?? 0) > 0 && <Text c="dimmed">{t("again.doubtful", { count: campaign.progress?.unknown ?? 0 })}</Text>}
      </ConfirmModal>
    </>
  );
}
