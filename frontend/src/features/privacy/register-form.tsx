/** «Registra una richiesta»: any kind, from any channel, on the day it arrived; who asks may be unknown (B-49). */
import { Button, FileInput, Modal, Radio, SegmentedControl, Select, Text, Textarea, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { IconPaperclip } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { fieldErrors, fields, FormAlert, wide } from "@/ui/form";
import { RemoteSelect, type RemoteOption } from "@/ui/remote-select";
import { tell } from "@/ui/toast";
import { KindIcon } from "./kind-icon";
import classes from "./privacy.module.css";
import { channels, findPeople, kinds, useReceiveRequest, type NewRequest, type PrivacyRequest, type RequestChannel, type RequestKind } from "./queries";

export async function peopleOptions(text: string, signal: AbortSignal): Promise<RemoteOption[]> {
  return (await findPeople(text, signal)).map((person) => ({
    value: person.id,
    label: [person.full_name, person.city, person.phone_end && `… ${person.phone_end}`].filter(Boolean).join(" · "),
  }));
}

type Props = { onReceived: (received: PrivacyRequest) => void; onClose?: () => void };

export function RegisterModal({ onReceived, onClose }: Required<Props>) {
  const { t } = useTranslation("privacy");
  const { t: tc } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={t("form.title")} size="xl" closeButtonProps={{ "aria-label": tc("act.close") }}>
      <RegisterForm onReceived={onReceived} onClose={onClose} />
    </Modal>
  );
}

export function RegisterForm({ onReceived, onClose }: Props) {
  const { t } = useTranslation("privacy");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const receive = useReceiveRequest();
  // One key for one intent: a second press or a retry is the same request.
  const [intent] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<RequestKind | null>(null);
  const [channel, setChannel] = useState<RequestChannel>("DESK");
  const [receivedOn, setReceivedOn] = useState(formats.today());
  const [isUnknown, setUnknown] = useState(false);
  const [person, setPerson] = useState<RemoteOption | null>(null);
  const [claimed, setClaimed] = useState("");
  const [wish, setWish] = useState("");
  const [scan, setScan] = useState<File | null>(null);
  const errors = fieldErrors(receive.error);
  const who = isUnknown ? claimed.trim().length >= 2 : person !== null;

  function record(event: FormEvent) {
    event.preventDefault();
    if (!kind || !who || receive.isPending) return;
    const body: NewRequest = {
      kind,
      channel,
      received_on: receivedOn,
      customer_id: isUnknown ? null : person?.value,
      claimed_identity: isUnknown ? claimed.trim() : null,
      wish: wish.trim() || null,
    };
    receive.mutate(
      { intent, scan, ...body },
      {
        onSuccess: (received) => {
          tell(received.clock ? t("form.done", { date: formats.longDay(received.clock.due_on) }) : t("state.received"));
          onReceived(received);
        },
      },
    );
  }

  return (
    <form className={fields} onSubmit={record}>
      <Radio.Group className={wide} label={t("form.kind")} value={kind} onChange={(chosen) => setKind(chosen as RequestKind)}>
        <div className={classes.kinds}>
          {kinds.map((each) => (
            <Radio.Card key={each} value={each} className={classes.kind} radius="md">
              <KindIcon kind={each} />
              <div>
                <b>{t(`kind.${each}`)}</b>
                <span>{t(`kind_help.${each}`)}</span>
              </div>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <div className={wide}>
        <Text size="sm" fw={550} mb={4} id="request-who">
          {t("form.who")}
        </Text>
        <SegmentedControl
          aria-labelledby="request-who"
          mb="xs"
          value={isUnknown ? "unknown" : "card"}
          onChange={(chosen) => setUnknown(chosen === "unknown")}
          data={[
            { value: "card", label: t("form.card") },
            { value: "unknown", label: t("form.unknown") },
          ]}
        />
        {isUnknown ? (
          <TextInput
            aria-labelledby="request-who"
            placeholder={t("form.claimed")}
            description={t("form.claimed_help")}
            value={claimed}
            onChange={(event) => setClaimed(event.currentTarget.value)}
            maxLength={200}
            error={errors.of("claimed_identity")}
          />
        ) : (
          <RemoteSelect
            aria-labelledby="request-who"
            placeholder={t("form.search")}
            description={t("form.search_help")}
            nothingFoundMessage={t("form.nobody")}
            chosen={person}
            onChoose={setPerson}
            searchKey={["lookups", "privacy-request"]}
            search={peopleOptions}
            minLength={2}
            isPrivate
            error={errors.of("customer_id")}
          />
        )}
      </div>
      <Select
        label={t("form.channel")}
        value={channel}
        onChange={(chosen) => chosen && setChannel(chosen as RequestChannel)}
        data={channels.map((each) => ({ value: each, label: t(`form.channels.${each}`) }))}
        allowDeselect={false}
      />
      <DateInput
        label={t("form.received_on")}
        description={t("form.received_help")}
        value={receivedOn}
        onChange={(day) => day && setReceivedOn(day)}
        maxDate={formats.today()}
        valueFormat="D MMMM YYYY"
        error={errors.of("received_on")}
      />
      <Textarea
        className={wide}
        label={`${t("form.wish")} (${tc("optional")})`}
        description={t("form.wish_help")}
        value={wish}
        onChange={(event) => setWish(event.currentTarget.value)}
        maxLength={1000}
        autosize
        minRows={2}
        error={errors.of("wish")}
      />
      <FileInput
        className={wide}
        label={`${t("form.evidence")} (${tc("optional")})`}
        placeholder={t("form.evidence_help")}
        value={scan}
        onChange={setScan}
        accept="application/pdf,image/png,image/jpeg,image/webp"
        leftSection={<IconPaperclip size={16} stroke={1.75} />}
        clearable
        error={errors.of("evidence_sha256")}
      />
      <FormAlert errors={errors} />
      <div className={`${wide} ${classes.onward}`}>
        {onClose && <Button onClick={onClose}>{tc("act.cancel")}</Button>}
        <Button type="submit" variant="filled" loading={receive.isPending} disabled={!kind || !who}>
          {t("form.record")}
        </Button>
      </div>
    </form>
  );
}
