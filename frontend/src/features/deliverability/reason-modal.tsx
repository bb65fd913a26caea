/** Stopping and resuming a stream both ask why: the words are kept with who said them. */
import { Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormModal, fieldErrors, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import { type Line, useHold, useLift } from "./queries";

type Props = { act: "hold" | "lift"; line: Line; onClose: () => void };

export function ReasonModal({ act, line: { channel, stream }, onClose }: Props) {
  const { t } = useTranslation(["deliverability", "common"]);
  const hold = useHold();
  const lift = useLift();
  const [reason, setReason] = useState("");
  const { error, isPending } = act === "hold" ? hold : lift;
  const errors = fieldErrors(error);
  const name = `${t(`common:channel.${channel}`)} · ${t(`stream.${stream}`)}`;
  function send() {
    const onSuccess = () => {
      tell(t(`${act}.done`));
      onClose();
    };
    if (act === "hold") hold.mutate({ channel, stream, note: reason.trim() }, { onSuccess });
    else lift.mutate({ channel, stream, because: reason.trim() }, { onSuccess });
  }
  return (
    <FormModal
      title={t(`${act}.title`, { name })}
      verb={t(`${act}.act`)}
      onClose={onClose}
      onSend={send}
      errors={errors}
      isBusy={isPending}
      canSend={reason.trim().length >= 3}
      isHarmful={act === "hold"}
    >
      <Text className={wide}>{t(`${act}.detail`)}</Text>
      <Textarea
        className={wide}
        label={t(`${act}.reason`)}
        description={t(`${act}.reason_help`)}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        error={errors.of(act === "hold" ? "note" : "because")}
      />
    </FormModal>
  );
}
