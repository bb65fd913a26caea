/** Asks the person whether an address is theirs: a link by mail, a code by text that they read out at the desk (C-12). */
import { Button, Group, Popover, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { tell, tellProblem } from "@/ui/toast";
import classes from "@/features/card/card.module.css";
import type { ContactPoint } from "@/features/card/queries";
import { useAskToConfirm, useEnterCode, type Confirmation } from "./queries";

export function ConfirmAddress({ point, customerId }: { point: ContactPoint; customerId: string }) {
  const { t } = useTranslation("card");
  const ask = useAskToConfirm(customerId);
  const [asked, setAsked] = useState<Confirmation | null>(null);
  const channel = point.kind === "EMAIL" ? "EMAIL" : "SMS";

  function send() {
    ask.mutate(
      { contact_point_id: point.id, channel },
      {
        onSuccess: (row) => {
          if (channel === "EMAIL") tell(t("confirming.sent"));
          else setAsked(row);
        },
        onError: tellProblem,
      },
    );
  }

  return (
    <Popover opened={asked !== null} onChange={(open) => !open && setAsked(null)} width={280} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <UnstyledButton className={classes.link} onClick={send} disabled={ask.isPending}>
          {t(channel === "EMAIL" ? "confirming.ask_email" : "confirming.ask_sms")}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>{asked && <CodeForm asked={asked} customerId={customerId} onDone={() => setAsked(null)} />}</Popover.Dropdown>
    </Popover>
  );
}

function CodeForm({ asked, customerId, onDone }: { asked: Confirmation; customerId: string; onDone: () => void }) {
  const { t } = useTranslation("card");
  const enter = useEnterCode(customerId);
  const [code, setCode] = useState("");
  const outcome = enter.data?.outcome;
  const isOver = outcome === "spent" || outcome === "expired";

  function send(event: FormEvent) {
    event.preventDefault();
    enter.mutate(
      { id: asked.id, code: code.trim() },
      {
        onSuccess: (told) => {
          if (told.outcome !== "confirmed") return setCode("");
          tell(t("confirming.done"));
          onDone();
        },
        onError: tellProblem,
      },
    );
  }

  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <Text size="sm">{t("confirming.read_out")}</Text>
        <TextInput
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          aria-label={t("confirming.code")}
          placeholder="000000"
          error={outcome && outcome !== "confirmed" ? t(`confirming.${outcome}`, { count: enter.data?.confirmation.tries_left }) : undefined}
          disabled={isOver}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button size="xs" type="submit" loading={enter.isPending} disabled={code.trim().length !== 6 || isOver}>
            {t("confirming.confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
