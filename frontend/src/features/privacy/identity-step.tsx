/** Who asks: a contact we already had comes first, and no copy of a document is ever kept (C-28). */
import { Alert, Button, Radio, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconMailQuestion } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { fieldErrors, FormAlert } from "@/ui/form";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { RemoteSelect, type RemoteOption } from "@/ui/remote-select";
import { tell } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./privacy.module.css";
import { useRequestAct, type IdentityMethod, type PrivacyRequest } from "./queries";
import { peopleOptions } from "./register-form";

const methods: IdentityMethod[] = [
  "LINK_TO_STORED_CONTACT",
  "CALL_TO_STORED_PHONE",
  "KNOWN_IN_PERSON",
  "CARD_AND_PURCHASE",
  "SIGNED_PEC",
  "DOCUMENT_SEEN",
];
const linkDays = 7;

type Props = { request: PrivacyRequest; isEditable: boolean; onDone: () => void };

export function IdentityStep({ request, isEditable, onDone }: Props) {
  const { t } = useTranslation("privacy");
  const { moment } = useFormats();
  // A clock that stands still is in doubt too, without any link having gone out.
  const isLinkOut = request.state === "identity_pending" && request.events.some(({ kind }) => kind === "identity_asked");
  return (
    <Panel>
      <PanelBody pt="lg">
        {request.identified_at && request.identity_method ? (
          <>
            <ToneBadge tone="good" icon={IconCircleCheck} word={t("identity.known")} />
            <Text mt="sm">{t("identity.known_detail", { method: t(`identity.method.${request.identity_method}`), when: moment(request.identified_at) })}</Text>
          </>
        ) : (
          <>
            <p className={classes.lead}>{t("identity.lead")}</p>
            <Text size="sm" c="dimmed">
              {t("identity.help")}
            </Text>
            {isLinkOut && (
              <Alert icon={<IconMailQuestion size={18} />} title={t("identity.pending")} mt="md">
                {t("identity.pending_detail", { count: linkDays })}
              </Alert>
            )}
          </>
        )}
      </PanelBody>
      {!request.identified_at && isEditable && <MethodForm request={request} onDone={onDone} />}
    </Panel>
  );
}

function MethodForm({ request, onDone }: { request: PrivacyRequest; onDone: () => void }) {
  const { t } = useTranslation("privacy");
  const act = useRequestAct(request.id);
  const [method, setMethod] = useState<IdentityMethod>("LINK_TO_STORED_CONTACT");
  const [person, setPerson] = useState<RemoteOption | null>(null);
  const isLink = method === "LINK_TO_STORED_CONTACT";
  const errors = fieldErrors(act.error);
  const hasCard = request.customer_id !== null || person !== null;

  function state() {
    act.mutate(
      { act: "identify", body: { method, customer_id: request.customer_id ? undefined : person?.value } },
      {
        onSuccess: (changed) => {
          tell(t(changed.identified_at ? "identity.done" : "identity.sent"));
          if (changed.identified_at) onDone();
        },
      },
    );
  }

  return (
    <>
      <PanelBody>
        <Stack gap="md">
          {!request.customer_id && (
            <RemoteSelect
              label={t("identity.card")}
              description={t("identity.card_help")}
              placeholder={t("form.search")}
              nothingFoundMessage={t("identity.no_card")}
              chosen={person}
              onChoose={setPerson}
              searchKey={["lookups", "privacy-identity"]}
              search={peopleOptions}
              minLength={2}
              isPrivate
              maw={480}
              error={errors.of("customer_id")}
            />
          )}
          <Radio.Group value={method} onChange={(chosen) => setMethod(chosen as IdentityMethod)} aria-label={t("identity.lead")}>
            <Stack gap="sm">
              {methods.map((each) => (
                <Radio key={each} value={each} label={t(`identity.method.${each}`)} description={t(`identity.method_help.${each}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <FormAlert errors={errors} />
        </Stack>
      </PanelBody>
      <PanelRow className={classes.onward}>
        <Button variant="filled" loading={act.isPending} disabled={!hasCard} onClick={state}>
          {t(isLink ? "identity.send_link" : "identity.confirm")}
        </Button>
      </PanelRow>
    </>
  );
}
