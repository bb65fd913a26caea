import { ActionIcon, Button, Group, Select, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconMail, IconMailbox, IconPhone, IconX, type Icon } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { asProblem } from "@/api/problem";
import { fieldWords, problemWords } from "@/lib/problem-words";
import { phone } from "@/lib/formats";
import { ConfirmAt } from "@/ui/confirm";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tellProblem } from "@/ui/toast";
import classes from "./card.module.css";
import { ConfirmAddress } from "./consents/confirm-address";
import { useAddContactPoint, useCloseContactPoint, type ContactPoint, type Customer } from "./queries";

const icons: Record<ContactPoint["kind"], Icon> = { EMAIL: IconMail, PHONE: IconPhone, POSTAL: IconMailbox };

/** How to reach the person, and how sure we are that it reaches them (C-13). */
export function ContactsPanel({ customer, isFrozen }: { customer: Customer; isFrozen: boolean }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  const add = !isFrozen && (
    <UnstyledButton className={classes.link} onClick={() => setAdding(!isAdding)}>
      {tc(isAdding ? "act.close" : "act.add")}
    </UnstyledButton>
  );
  return (
    <Panel title={t("contacts.title")} more={add}>
      {isAdding && <AddContact customerId={customer.id} onDone={() => setAdding(false)} />}
      {customer.contact_points.length === 0 && !isAdding && (
        <PanelBody>
          <Text size="sm" c="dimmed">
            {t("no_contacts")}
          </Text>
        </PanelBody>
      )}
      {customer.contact_points.map((point) => (
        <ContactRow key={point.id} point={point} customerId={customer.id} isFrozen={isFrozen} />
      ))}
    </Panel>
  );
}

function ContactRow({ point, customerId, isFrozen }: { point: ContactPoint; customerId: string; isFrozen: boolean }) {
  const { t } = useTranslation("card");
  const close = useCloseContactPoint(customerId);
  const mayRecord = useMay("consents:write");
  const Drawn = icons[point.kind];
  const state = point.hard_bounced_at ? "bounced" : point.invalid_at ? "invalid" : point.level;
  const isAskable = point.kind === "EMAIL" || (point.kind === "PHONE" && point.is_mobile === true);
  const canConfirm = !isFrozen && mayRecord && isAskable && state !== "CONFIRMED" && !point.hard_bounced_at && !point.invalid_at;
  const shown = point.kind === "PHONE" ? phone(point.value) : point.display;
  return (
    <PanelRow className={classes.contact}>
      <Drawn size={16} stroke={1.75} aria-hidden />
      <div>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {shown}
        </Text>
        <Text size="xs" c={point.hard_bounced_at || point.invalid_at ? "var(--denied)" : "dimmed"}>
          {t(`contacts.level.${state}`)}
          {point.is_primary && ` · ${t("contacts.primary")}`}
        </Text>
        {canConfirm && <ConfirmAddress point={point} customerId={customerId} />}
      </div>
      {!isFrozen && (
        <ConfirmAt question={t("contacts.close_question", { value: shown })} verb={t("contacts.close")} onConfirm={() => close.mutate(point.id, { onError: tellProblem })}>
          {(open) => (
            <ActionIcon size={26} className={classes.noteRemove} onClick={open} aria-label={t("contacts.close_label", { value: shown })}>
              <IconX size={15} stroke={1.75} />
            </ActionIcon>
          )}
        </ConfirmAt>
      )}
    </PanelRow>
  );
}

function AddContact({ customerId, onDone }: { customerId: string; onDone: () => void }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const add = useAddContactPoint(customerId);
  const [kind, setKind] = useState<ContactPoint["kind"]>("EMAIL");
  const [value, setValue] = useState("");
  const [address, setAddress] = useState({ street: "", postal_code: "", city: "" });
  const refused = add.error ? asProblem(add.error) : null;

  function save(event: FormEvent) {
    event.preventDefault();
    const body = kind === "POSTAL" ? { kind, address, is_primary: true } : { kind, value: value.trim(), is_primary: true };
    add.mutate(body, { onSuccess: onDone });
  }
  const refusal = refused && (refused.errors[0] ? fieldWords(refused.errors[0]) : problemWords(refused).title);

  return (
    <PanelBody>
      <form onSubmit={save}>
        <Stack gap="sm">
          <Select
            value={kind}
            onChange={(next) => next && setKind(next as ContactPoint["kind"])}
            allowDeselect={false}
            aria-label={t("contacts.kind_label")}
            data={["EMAIL", "PHONE", "POSTAL"].map((each) => ({ value: each, label: t(`contacts.kind.${each}`) }))}
          />
          {kind === "POSTAL" ? (
            <>
              <TextInput label={t("contacts.street")} value={address.street} onChange={(event) => setAddress({ ...address, street: event.currentTarget.value })} required withAsterisk={false} />
              <Group gap="sm" grow>
                <TextInput label={t("contacts.postal_code")} value={address.postal_code} onChange={(event) => setAddress({ ...address, postal_code: event.currentTarget.value })} />
                <TextInput label={t("contacts.city")} value={address.city} onChange={(event) => setAddress({ ...address, city: event.currentTarget.value })} required withAsterisk={false} />
              </Group>
            </>
          ) : (
            <TextInput
              type={kind === "EMAIL" ? "email" : "tel"}
              aria-label={t(`contacts.kind.${kind}`)}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
              error={refusal}
              required
              data-autofocus
            />
          )}
          {kind === "POSTAL" && refusal && (
            <Text size="xs" c="var(--denied)">
              {refusal}
            </Text>
          )}
          <Group justify="flex-end">
            <Button type="submit" size="xs" loading={add.isPending}>
              {tc("act.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </PanelBody>
  );
}
