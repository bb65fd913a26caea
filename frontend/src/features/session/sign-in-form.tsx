import { Alert, Button, PasswordInput, PinInput, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { meOptions, type Me } from "@/api/me";
import { asProblem } from "@/api/problem";
import { useSignIn, type Credentials } from "./queries";
import classes from "./sign-in.module.css";

type Props = { initial?: { email: string; password: string }; onSignedIn: (me: Me) => void };

/** Email and password first; the six digits only when the person has a second factor. */
export function SignInForm({ initial, onSignedIn }: Props) {
  const { t } = useTranslation("session");
  const queryClient = useQueryClient();
  const signIn = useSignIn();
  const [given, setGiven] = useState<Credentials>({ email: initial?.email ?? "", password: initial?.password ?? "" });
  const [wantsCode, setWantsCode] = useState(false);

  function submit(credentials: Credentials) {
    if (signIn.isPending) return;
    signIn.mutate(credentials, {
      onSuccess: (me) => {
        queryClient.setQueryData(meOptions.queryKey, me);
        onSignedIn(me);
      },
      onError: (error) => {
        if (asProblem(error).code === "code-required") {
          setWantsCode(true);
          signIn.reset();
        }
      },
    });
  }

  const refusal = signIn.error ? <Refusal error={signIn.error} withCode={wantsCode} /> : null;
  if (wantsCode) {
    return <CodeStep onCode={(code) => submit({ ...given, code })} isBusy={signIn.isPending} refusal={refusal} onBack={() => setWantsCode(false)} />;
  }
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit(given);
      }}
    >
      <Stack gap="md">
        {refusal}
        <TextInput
          label={t("email")}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={given.email}
          onChange={(event) => setGiven({ ...given, email: event.currentTarget.value })}
        />
        <PasswordInput
          label={t("password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={given.password}
          onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
        />
        <Button type="submit" variant="filled" fullWidth loading={signIn.isPending} className={classes.enter}>
          {t("enter")}
        </Button>
      </Stack>
    </form>
  );
}

type CodeProps = { onCode: (code: string) => void; isBusy: boolean; refusal: React.ReactNode; onBack: () => void };

function CodeStep({ onCode, isBusy, refusal, onBack }: CodeProps) {
  const { t } = useTranslation("session");
  const [isRecovery, setRecovery] = useState(false);
  const [recovery, setRecoveryCode] = useState("");
  return (
    <Stack gap="md">
      {refusal}
      {isRecovery ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onCode(recovery);
          }}
        >
          <Stack gap="md">
            <TextInput
              label={t("recovery_code")}
              value={recovery}
              onChange={(event) => setRecoveryCode(event.currentTarget.value)}
              autoComplete="off"
              autoFocus
            />
            <Button type="submit" variant="filled" fullWidth loading={isBusy}>
              {t("enter")}
            </Button>
          </Stack>
        </form>
      ) : (
        <div>
          <Text size="sm" fw={550} mb={4} id="code-label">
            {t("code")}
          </Text>
          <PinInput length={6} type="number" oneTimeCode autoFocus onComplete={onCode} disabled={isBusy} aria-label={t("code")} />
        </div>
      )}
      <UnstyledButton className={classes.quiet} onClick={() => setRecovery(!isRecovery)}>
        {isRecovery ? t("use_code") : t("no_phone")}
      </UnstyledButton>
      <UnstyledButton className={classes.quiet} onClick={onBack}>
        {t("other_person")}
      </UnstyledButton>
    </Stack>
  );
}

function Refusal({ error, withCode }: { error: unknown; withCode: boolean }) {
  const { t } = useTranslation("session");
  const problem = asProblem(error);
  const known: Record<string, string> = {
    "sign-in-failed": withCode ? "refused_code" : "refused",
    "too-many-tries": "too_many",
    unreachable: "unreachable",
  };
  return (
    <Alert color="red" variant="light" role="alert" className={classes.refusal}>
      {t(known[problem.code] ?? "unexpected")}
    </Alert>
  );
}
