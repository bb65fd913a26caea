/** What whoever runs this installation undertakes (art. 28), accepted once by the business (C-01). */
import { Button, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { IconCircleCheck, IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { Panel, PanelRow } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./accountability.module.css";
import { termsQuery, useAcceptTerms, type Terms } from "./queries";
import { useTold } from "./words";

export function TermsPanel() {
  const { t } = useTranslation("accountability");
  const { longDay } = useFormats();
  const mayWrite = useMay("privacy:write");
  const query = useQuery(termsQuery);
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title={t("terms.title")} note={query.data && t("terms.version", { version: query.data.version })}>
      <Loaded query={query}>
        {(terms) => (
          <PanelRow className={classes.row}>
            <Text size="sm" c="dimmed">
              {t("terms.help")}
            </Text>
            <div className={classes.acts}>
              {terms.is_accepted ? (
                <ToneBadge tone="good" icon={IconCircleCheck} word={t("terms.accepted", { date: longDay(terms.accepted_on ?? ""), who: terms.accepted_by })} />
              ) : (
                <ToneBadge tone="wait" icon={IconTool} word={t("terms.open")} />
              )}
              <Button size="xs" onClick={() => setOpen(true)}>
                {t(terms.is_accepted || !mayWrite ? "terms.read" : "terms.read_accept")}
              </Button>
            </div>
            {isOpen && <TermsForm terms={terms} mayAccept={mayWrite && !terms.is_accepted} onClose={() => setOpen(false)} />}
          </PanelRow>
        )}
      </Loaded>
    </Panel>
  );
}

function TermsForm({ terms, mayAccept, onClose }: { terms: Terms; mayAccept: boolean; onClose: () => void }) {
  const { t } = useTranslation("accountability");
  const { t: tc } = useTranslation();
  const { today } = useFormats();
  const told = useTold();
  const accept = useAcceptTerms();
  const [who, setWho] = useState("");
  const [day, setDay] = useState<string | null>(today());
  const errors = fieldErrors(accept.error);
  const send = () =>
    mayAccept
      ? accept.mutate(
          { text_sha256: terms.text_sha256, accepted_on: day ?? today(), accepted_by: who.trim() },
          {
            onSuccess: () => {
              tell(t("terms.done"));
              onClose();
            },
          },
        )
      : onClose();
  return (
    <FormModal
      title={t("terms.title")}
      verb={mayAccept ? t("terms.accept") : tc("act.close")}
      size="xl"
      errors={errors}
      isBusy={accept.isPending}
      canSend={!mayAccept || (who.trim() !== "" && day !== null)}
      onClose={onClose}
      onSend={send}
    >
      <div className={`${wide} ${classes.text}`} tabIndex={0}>
        {told(terms.text)}
      </div>
      <Text size="xs" c="dimmed" className={wide} title={terms.text_sha256}>
        {t("terms.fingerprint", { hash: terms.text_sha256.slice(0, 12) })}
      </Text>
      {mayAccept && (
        <>
          <TextInput label={t("terms.who")} value={who} onChange={(event) => setWho(event.currentTarget.value)} error={errors.of("accepted_by")} />
          <DateInput label={t("terms.day")} value={day} onChange={setDay} maxDate={today()} valueFormat="D MMMM YYYY" error={errors.of("accepted_on")} />
        </>
      )}
    </FormModal>
  );
}
