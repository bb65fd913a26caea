/** What can be done to a request beside its steps: two months more, a pause while it is in doubt who asks, taking it back. */
import { ActionIcon, Button, Menu, Text, Textarea } from "@mantine/core";
import { IconArrowBackUp, IconCalendarPlus, IconClockPause, IconClockPlay, IconDots, IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { ConfirmModal } from "@/ui/confirm";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { tell, tellProblem } from "@/ui/toast";
import { useRequestAct, type Act, type PrivacyRequest } from "./queries";

type Asked = "extend" | "pause" | "withdraw";

export function RequestMenu({ request }: { request: PrivacyRequest }) {
  const { t } = useTranslation("privacy");
  const me = useMe();
  const act = useRequestAct(request.id);
  const [asked, setAsked] = useState<Asked | null>(null);
  const isMine = request.handler_id === me.id;
  const perform = (done: Act, word: string) => act.mutate(done, { onSuccess: () => tell(word), onError: tellProblem });
  return (
    <>
      {!isMine && (
        <Button
          leftSection={<IconUserCheck size={16} stroke={1.75} />}
          loading={act.isPending && act.variables.act === "assign"}
          onClick={() => perform({ act: "assign", body: { user_id: me.id } }, t("act.taken"))}
        >
          {t("act.take")}
        </Button>
      )}
      {request.clock?.is_paused && (
        <Button
          leftSection={<IconClockPlay size={16} stroke={1.75} />}
          loading={act.isPending && act.variables.act === "resume"}
          onClick={() => perform({ act: "resume" }, t("act.resumed"))}
        >
          {t("act.resume")}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t("act.more")}>
            <IconDots size={18} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {request.clock?.may_extend && (
            <Menu.Item leftSection={<IconCalendarPlus size={16} stroke={1.75} />} onClick={() => setAsked("extend")}>
              {t("act.extend")}
            </Menu.Item>
          )}
          {!request.clock?.is_paused && !request.identified_at && (
            <Menu.Item leftSection={<IconClockPause size={16} stroke={1.75} />} onClick={() => setAsked("pause")}>
              {t("act.pause")}
            </Menu.Item>
          )}
          {isMine && <Menu.Item onClick={() => perform({ act: "assign", body: { user_id: null } }, t("act.dropped"))}>{t("act.drop")}</Menu.Item>}
          <Menu.Item leftSection={<IconArrowBackUp size={16} stroke={1.75} />} onClick={() => setAsked("withdraw")}>
            {t("act.withdraw")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {(asked === "extend" || asked === "pause") && <ReasonModal request={request} asked={asked} onClose={() => setAsked(null)} />}
      <ConfirmModal
        isOpen={asked === "withdraw"}
        onClose={() => setAsked(null)}
        title={t("withdraw.title")}
        verb={t("withdraw.verb")}
        isBusy={act.isPending}
        onConfirm={() =>
          act.mutate(
            { act: "take_back" },
            {
              onSuccess: () => {
                setAsked(null);
                tell(t("withdraw.done"));
              },
              onError: tellProblem,
            },
          )
        }
      >
        <Text size="sm">{t("withdraw.detail")}</Text>
      </ConfirmModal>
    </>
  );
}

/** Both need a reason of at least a few letters: it is told to the person, or kept for whoever asks why the clock stood still. */
function ReasonModal({ request, asked, onClose }: { request: PrivacyRequest; asked: "extend" | "pause"; onClose: () => void }) {
  const { t } = useTranslation("privacy");
  const act = useRequestAct(request.id);
  const [reason, setReason] = useState("");
  const errors = fieldErrors(act.error);
  return (
    <FormModal
      title={t(`${asked}.title`)}
      verb={t(`${asked}.verb`)}
      size="md"
      errors={errors}
      isBusy={act.isPending}
      canSend={reason.trim().length >= 3}
      onClose={onClose}
      onSend={() =>
        act.mutate(
          { act: asked, body: { reason: reason.trim() } },
          {
            onSuccess: () => {
              tell(t(`${asked}.done`));
              onClose();
            },
          },
        )
      }
    >
      <Text size="sm" className={wide}>
        {t(`${asked}.detail`)}
      </Text>
      <Textarea
        className={wide}
        label={t(`${asked}.reason`)}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={1000}
        autosize
        minRows={3}
        data-autofocus
        error={errors.of("reason")}
      />
    </FormModal>
  );
}
