/** A person says what a mail is and whose it is: a reply, an address that reaches nobody, or nothing to do. */
import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { FormAlert, fieldErrors } from "@/ui/form";
import { RemoteSelect, type RemoteOption } from "@/ui/remote-select";
import { tell } from "@/ui/toast";
import classes from "./inbound.module.css";
import { type Mail, type MailHandling, searchPeople, useHandleMail } from "./queries";

type Said = MailHandling["outcome"];
const choices: Said[] = ["reply", "bounce", "ignored"];

export function MailHandlingForm({ mail, onDone }: { mail: Mail; onDone: () => void }) {
  const { t } = useTranslation("inbound");
  const handle = useHandleMail(mail.id);
  const [said, setSaid] = useState<Said | null>(mail.kind === "reply" ? "reply" : null);
  const [person, setPerson] = useState<RemoteOption | null>(
    mail.customer_id ? { value: mail.customer_id, label: mail.customer_name ?? t("nobody") } : null,
  );
  const errors = fieldErrors(handle.error);
  const needsPerson = said === "reply" || said === "bounce";
  const isReady = said !== null && (!needsPerson || person !== null);

  function record(event: FormEvent) {
    event.preventDefault();
    if (!said || !isReady || handle.isPending) return;
    handle.mutate(
      { outcome: said, customer_id: needsPerson ? person?.value : null },
      {
        onSuccess: () => {
          tell(t("handling.saved"));
          onDone();
        },
      },
    );
  }

  return (
    <form onSubmit={record} className={classes.handling}>
      <Stack gap="sm">
        <Radio.Group label={t("handling.what")} value={said} onChange={(next) => setSaid(next as Said)}>
          <Stack gap={8} mt={8}>
            {choices.map((each) => (
              <Radio key={each} value={each} label={t(`handling.${each}`)} description={t(`handling.${each}_help`)} />
            ))}
          </Stack>
        </Radio.Group>
        {needsPerson && (
          <>
            {mail.guess && person === null && (
              <Group gap="sm">
                <Text size="sm">{t("handling.guess", { name: mail.guess.customer_name })}</Text>
                <Button
                  size="xs"
                  onClick={() => mail.guess && setPerson({ value: mail.guess.customer_id, label: mail.guess.customer_name })}
                >
                  {t("handling.guess_take")}
                </Button>
              </Group>
            )}
            <RemoteSelect
              label={t("handling.whose")}
              placeholder={t("handling.search")}
              nothingFoundMessage={t("handling.nobody_found")}
              searchKey={["inbound", "people"]}
              search={searchPeople}
              isPrivate
              minLength={2}
              clearable
              chosen={person}
              onChoose={setPerson}
              error={errors.of("customer_id")}
            />
          </>
        )}
        <FormAlert errors={errors} />
        <Group justify="flex-end">
          <Button type="submit" variant="filled" disabled={!isReady} loading={handle.isPending}>
            {t("handling.record")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
