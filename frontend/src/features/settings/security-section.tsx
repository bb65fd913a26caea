import { Button, CopyButton, Group, PasswordInput, PinInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { ConfirmAt } from "@/ui/confirm";
import { Panel, PanelBody } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { fieldErrors, useChangePassword, useConfirmCode, useOfferCode, useRemoveCode } from "./queries";
import classes from "./settings.module.css";

export function SecuritySection() {
  return (
    <Stack gap="lg">
      <PasswordPanel />
      <CodePanel />
    </Stack>
  );
}

function PasswordPanel() {
  const { t } = useTranslation("settings");
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const errors = fieldErrors(change.error);
  return (
    <Panel title={t("security.password")}>
      <PanelBody>
        <form
          className={classes.fields}
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate(
              { current_password: current, new_password: next },
              { onSuccess: () => (setCurrent(""), setNext(""), tell(t("security.changed"))) },
            );
          }}
        >
          <PasswordInput
            label={t("security.current")}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={errors.of("current_password")}
          />
          <PasswordInput
            label={t("security.next")}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            error={errors.of("new_password")}
            description={t("security.next_help")}
          />
          {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
          <div className={classes.wide}>
            <Button type="submit" variant="filled" loading={change.isPending} disabled={!current || !next}>
              {t("security.change")}
            </Button>
          </div>
        </form>
      </PanelBody>
    </Panel>
  );
}

function CodePanel() {
  const { t } = useTranslation("settings");
  const me = useMe();
  const offer = useOfferCode();
  const remove = useRemoveCode();
  const confirm = useConfirmCode();
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <Panel title={t("security.totp")}>
      <PanelBody>
        <Stack gap="md" align="flex-start">
          {codes ? (
            <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
          ) : me.totp_enrolled ? (
            <>
              <Text>{t("security.totp_on")}</Text>
              <ConfirmAt question={t("security.remove_detail")} verb={t("security.remove")} onConfirm={() => remove.mutate(undefined, { onSuccess: () => tell(t("security.removed")), onError: tellProblem })}>
                {(open) => <Button onClick={open}>{t("security.remove")}</Button>}
              </ConfirmAt>
            </>
          ) : offer.data ? (
            <>
              <Text>{t("security.scan")}</Text>
              <a href={offer.data.otpauth_uri}>{t("security.open_app")}</a>
              <div>
                <Text size="xs" c="dimmed">
                  {t("security.secret")}
                </Text>
                <div className={classes.secret}>{offer.data.secret}</div>
              </div>
              <PinInput
                length={6}
                type="number"
                oneTimeCode
                aria-label={t("security.code")}
                error={confirm.isError}
                onComplete={(code) => confirm.mutate(code, { onSuccess: (body) => setCodes(body.recovery_codes), onError: tellProblem })}
              />
            </>
          ) : (
            <>
              <Text>{t("security.totp_off")}</Text>
              <Button loading={offer.isPending} onClick={() => offer.mutate(undefined, { onError: tellProblem })}>
                {t("security.enrol")}
              </Button>
            </>
          )}
        </Stack>
      </PanelBody>
    </Panel>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <div>
        <Text fw={600}>{t("security.recovery")}</Text>
        <Text size="sm" c="dimmed">
          {t("security.recovery_help")}
        </Text>
      </div>
      <div className={`${classes.secret} ${classes.codes}`}>
        {codes.map((code) => (
          <span key={code}>{code}</span>
        ))}
      </div>
      <Group gap="sm">
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => <Button onClick={copy}>{t(copied ? "security.copied" : "security.copy")}</Button>}
        </CopyButton>
        <Button onClick={onDone}>{t("security.recovery_done")}</Button>
      </Group>
    </>
  );
}
