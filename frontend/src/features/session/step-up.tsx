import { Button, Group, Modal, PasswordInput, PinInput, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { onStepUpWanted } from "@/api/client";
import { useMe } from "@/api/me";
import { useStepUp } from "./queries";

/** Asks for fresh proof when an act wants it, then lets the act go on by itself. */
export function StepUp() {
  const { t } = useTranslation("session");
  const { t: tc } = useTranslation();
  const me = useMe();
  const stepUp = useStepUp();
  const [isOpen, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const settle = useRef<((proven: boolean) => void) | null>(null);

  useEffect(
    () =>
      onStepUpWanted(
        () =>
          new Promise<boolean>((resolve) => {
            settle.current = resolve;
            setOpen(true);
          }),
      ),
    [],
  );

  function finish(proven: boolean) {
    setOpen(false);
    setPassword("");
    stepUp.reset();
    settle.current?.(proven);
    settle.current = null;
  }
  const prove = (proof: { code?: string; password?: string }) => stepUp.mutate(proof, { onSuccess: () => finish(true) });

  return (
    <Modal opened={isOpen} onClose={() => finish(false)} title={t("step_up")} zIndex={450} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          prove({ password });
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t("step_up_detail")}
          </Text>
          {me.totp_enrolled ? (
            <PinInput length={6} type="number" oneTimeCode autoFocus onComplete={(code) => prove({ code })} aria-label={t("code")} />
          ) : (
            <PasswordInput
              label={t("password")}
              autoComplete="current-password"
              data-autofocus
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {stepUp.error && (
            <Text size="sm" c="var(--denied)" role="alert">
              {t("refused_proof")}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button onClick={() => finish(false)}>{tc("act.cancel")}</Button>
            {!me.totp_enrolled && (
              <Button type="submit" variant="filled" loading={stepUp.isPending} disabled={!password}>
                {t("confirm")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
