import { Button, Group, PasswordInput, PinInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { useStepUp } from "./queries";

/** The six digits of who has a second factor, the password of who has not. */
export function ProofForm({ onDone }: { onDone: (proven: boolean) => void }) {
  const { t } = useTranslation("session");
  const { t: tc } = useTranslation();
  const me = useMe();
  const stepUp = useStepUp();
  const [password, setPassword] = useState("");
  const prove = (proof: { code?: string; password?: string }) => stepUp.mutate(proof, { onSuccess: () => onDone(true) });
  return (
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
          <Button onClick={() => onDone(false)}>{tc("act.cancel")}</Button>
          {!me.totp_enrolled && (
            <Button type="submit" variant="filled" loading={stepUp.isPending} disabled={!password}>
              {t("confirm")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
