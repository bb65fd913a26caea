/** «Non vuole più…»: any role, three presses, no undo (C-16). A wrong entry is corrected by the privacy officer, with proof. */
import { Box, Button, Chip, Group, Modal, Radio, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { ProblemFace } from "@/ui/faces";
import { tell } from "@/ui/toast";
import classes from "./card.module.css";
import { ScanField } from "./consents/scan-field";
import type { Scan } from "./consents/queries";
import { useObject, type Objection } from "./consent-queries";
import type { Customer } from "./queries";

const scopes: { key: string; said: Pick<Objection, "scope" | "channel" | "purpose"> }[] = [
  { key: "all", said: { scope: "all" } },
  { key: "EMAIL", said: { scope: "channel", channel: "EMAIL" } },
  { key: "SMS", said: { scope: "channel", channel: "SMS" } },
  { key: "PHONE_OPERATOR", said: { scope: "channel", channel: "PHONE_OPERATOR" } },
  { key: "POST", said: { scope: "channel", channel: "POST" } },
  { key: "PROFILING", said: { scope: "purpose", purpose: "PROFILING" } },
  { key: "storage", said: { scope: "storage" } },
];
const methods: Objection["method"][] = ["ORAL", "PHONE_REC", "LETTER", "PEC", "POS_PAPER"];

type Props = { customer: Customer; isOpen: boolean; onClose: () => void };

export function ObjectionModal({ customer, isOpen, onClose }: Props) {
  const { t } = useTranslation("card");
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("object")} size="md">
      {isOpen && <ObjectionForm customer={customer} onClose={onClose} />}
    </Modal>
  );
}

function ObjectionForm({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const object = useObject(customer.id);
  const today = formats.today();
  const yesterday = new Date(Date.parse(`${today}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const [scope, setScope] = useState<string | null>(null);
  const [day, setDay] = useState(today);
  const [isOtherDay, setOtherDay] = useState(false);
  const [method, setMethod] = useState<Objection["method"]>("ORAL");
  const [words, setWords] = useState("");
  const [scan, setScan] = useState<Scan | null>(null);
  const chosen = scopes.find((each) => each.key === scope);
  const isWritten = method === "LETTER" || method === "PEC" || method === "POS_PAPER";

  function record() {
    if (!chosen || object.isPending) return;
    object.mutate(
      {
        ...chosen.said,
        received_on: day,
        method,
        evidence: [
          ...(isWritten && scan ? [{ type: "scan", sha256: scan.sha256 }] : []),
          ...(words.trim() ? [{ type: isWritten ? "form" : "oral", note: words.trim() }] : []),
          ...(!words.trim() && !(isWritten && scan) ? [{ type: "oral" }] : []),
        ],
      },
      {
        onSuccess: () => {
          tell(t("objection.done", { name: customer.full_name, scope: t(`objection.scope.${chosen.key}`) }));
          onClose();
        },
      },
    );
  }

  return (
    <Stack gap="lg">
      <Radio.Group value={scope} onChange={setScope} label={t("objection.what")}>
        <div className={classes.scopes}>
          {scopes.map((each) => (
            <Radio.Card key={each.key} value={each.key} className={classes.scope} radius="md">
              <Radio.Indicator size="xs" />
              {t(`objection.scope_label.${each.key}`)}
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <div>
        <Text size="sm" fw={550} mb={4}>
          {t("objection.when")}
        </Text>
        <Group gap="sm">
          <Chip.Group
            value={isOtherDay ? "other" : day}
            onChange={(value) => {
              setOtherDay(value === "other");
              if (value !== "other") setDay(value as string);
            }}
          >
            <Chip value={today}>{t("objection.today")}</Chip>
            <Chip value={yesterday}>{t("objection.yesterday")}</Chip>
            <Chip value="other">{t("objection.other_day")}</Chip>
          </Chip.Group>
          {isOtherDay && (
            <DateInput value={day} onChange={(value) => value && setDay(value)} maxDate={today} valueFormat="D MMM YYYY" aria-label={t("objection.when")} w={150} />
          )}
        </Group>
      </div>
      <div>
        <Text size="sm" fw={550} mb={4}>
          {t("objection.how")}
        </Text>
        <SegmentedControl value={method} onChange={(value) => setMethod(value as Objection["method"])} fullWidth data={methods.map((value) => ({ value, label: t(`method.${value}`) }))} />
        <TextInput
          mt="sm"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          placeholder={t("objection.words")}
          aria-label={t("objection.words")}
        />
        {isWritten && (
          <Box mt="sm">
            <ScanField scan={scan} onScan={setScan} isOptional />
          </Box>
        )}
      </div>
      <div className={classes.consequence} aria-live="polite">
        {chosen ? (
          <>
            <div className={classes.consequenceName}>{customer.full_name}</div>
            {t("objection.confirm", { name: customer.full_name, scope: t(`objection.scope.${chosen.key}`) })}
          </>
        ) : (
          t("objection.choose")
        )}
      </div>
      {object.error && <ProblemFace error={asProblem(object.error)} />}
      <Group justify="flex-end" gap="sm">
        <Button onClick={onClose} data-autofocus>
          {tc("act.cancel")}
        </Button>
        {chosen && (
          <Button variant="filled" onClick={record} loading={object.isPending}>
            {t("objection.record")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
