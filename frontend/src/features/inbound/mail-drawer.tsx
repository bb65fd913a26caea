/** One mail that came back: what it is, what was done without anybody, its words while a person must look, and what a person says. */
import { Drawer, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { MailText } from "@/ui/mail-frame";
import { OnlyIf } from "@/ui/only-if";
import classes from "./inbound.module.css";
import { MailKindBadge, doneFor, serverSaid } from "./kinds";
import { MailHandlingForm } from "./mail-handling";
import { type Mail, mailQuery } from "./queries";

export function MailDrawer({ id, onClose }: { id?: string; onClose: () => void }) {
  const { t } = useTranslation(["inbound", "common"]);
  const query = useQuery({ ...mailQuery(id ?? ""), enabled: id !== undefined });
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      size={560}
      title={query.data ? (query.data.customer_name ?? query.data.sender ?? t("nobody")) : t("drawer.label")}
      closeButtonProps={{ "aria-label": t("common:act.close") }}
    >
      {id && <Loaded query={query}>{(mail) => <Opened key={mail.id} mail={mail} onClose={onClose} />}</Loaded>}
    </Drawer>
  );
}

function Opened({ mail, onClose }: { mail: Mail; onClose: () => void }) {
  const { t } = useTranslation("inbound");
  const { moment } = useFormats();
  return (
    <Stack gap="md">
      <div>
        <MailKindBadge kind={mail.kind} />
        {mail.subject && (
          <Text fw={600} size="lg" mt={6}>
            {mail.subject}
          </Text>
        )}
        <Text size="sm" c="dimmed" mt={4}>
          {t(`source.${mail.source}`, { when: moment(mail.received_at) })}
          {mail.sender && ` · ${t("drawer.from")} ${mail.sender}`}
        </Text>
        <div className={classes.links}>
          {mail.customer_id && (
            <Link to="/customers/$customerId" params={{ customerId: mail.customer_id }}>
              {t("drawer.open_card")}
            </Link>
          )}
          {mail.message_id && (
            <Link to="/messages" search={{ message: mail.message_id }}>
              {t("drawer.open_message")}
            </Link>
          )}
        </div>
      </div>
      <div className={classes.done}>
        <b>{t("drawer.done")}</b>
        <Text size="sm">{t(doneFor(mail))}</Text>
        {mail.handled_at && mail.handled_as && (
          <Text size="sm" mt={6}>
            {t("drawer.handled", { what: t(`handled_as.${mail.handled_as}`), who: mail.handled_by, when: moment(mail.handled_at) })}
          </Text>
        )}
      </div>
      {serverSaid(mail) && (
        <div>
          <Text size="xs" c="dimmed" mb={4}>
            {t("drawer.server_said", { who: mail.receiver ?? t("drawer.a_server") })}
          </Text>
          <blockquote className={classes.server} lang="en">
            {serverSaid(mail)}
          </blockquote>
        </div>
      )}
      {mail.text && <MailText text={mail.text} />}
      {mail.handled_at && (
        <Text size="xs" c="dimmed">
          {t("drawer.words_gone")}
        </Text>
      )}
      {mail.is_open && (
        <OnlyIf may="messages:write">
          <MailHandlingForm mail={mail} onDone={onClose} />
        </OnlyIf>
      )}
    </Stack>
  );
}
