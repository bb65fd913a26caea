/** A signed sheet comes in whole: each box as it was marked, the day of the signature, and the scan that proves it (C-05, C-13). */
import { Button, Group, Modal, Select, SegmentedControl, Stack, Text } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded, ProblemFace } from "@/ui/faces";
import { tell } from "@/ui/toast";
import classes from "@/features/card/card.module.css";
import type { Customer } from "@/features/card/queries";
import { formsOptions, useFillForm, type Choice, type ConsentForm, type FormBox, type Scan } from "./queries";
import { ScanField } from "./scan-field";

type Props = { customer: Customer; onClose: () => void };

export function FilledFormModal({ customer, onClose }: Props) {
  const { t } = useTranslation("card");
  const forms = useQuery(formsOptions);
  return (
    <Modal opened onClose={onClose} title={t("filled.title")} size="lg">
      <Loaded query={forms}>
        {(all) => (all.length ? <FilledForm customer={customer} forms={all} onClose={onClose} /> : <EmptyFace title={t("filled.no_forms")} />)}
      </Loaded>
    </Modal>
  );
}

function FilledForm({ customer, forms, onClose }: Props & { forms: ConsentForm[] }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const fill = useFillForm(customer.id);
  const [formId, setFormId] = useState(forms[0]!.id);
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [signedOn, setSignedOn] = useState(formats.today());
  const [scan, setScan] = useState<Scan | null>(null);
  const form = forms.find((each) => each.id === formId) ?? forms[0]!;
  const isMarked = form.boxes.some((box) => (choices[box.name] ?? "blank") !== "blank");

  function save() {
    if (!scan) return;
    fill.mutate(
      {
        form_version_id: form.id,
        choices: Object.fromEntries(form.boxes.map((box) => [box.name, choices[box.name] ?? "blank"])),
        signed_on: signedOn,
        method: form.medium === "tablet" ? "POS_TABLET" : "POS_PAPER",
        evidence_sha256: scan.sha256,
      },
      {
        onSuccess: (recorded) => {
          tell(t("filled.done", { count: recorded.items.length, name: customer.full_name }));
          if (recorded.refused.length === 0) onClose();
        },
      },
    );
  }

  return (
    <Stack gap="lg">
      {forms.length > 1 && (
        <Select
          label={t("filled.form")}
          value={form.id}
          onChange={(next) => next && setFormId(next)}
          allowDeselect={false}
          data={forms.map((each) => ({ value: each.id, label: each.name }))}
        />
      )}
      <div>
        {form.boxes.map((box) => (
          <Box
            key={box.name}
            box={box}
            language={customer.language}
            choice={choices[box.name] ?? "blank"}
            onChoice={(choice) => setChoices({ ...choices, [box.name]: choice })}
          />
        ))}
      </div>
      <Group gap="lg" align="flex-start" wrap="wrap">
        <DateInput label={t("filled.signed_on")} value={signedOn} onChange={(day) => day && setSignedOn(day)} maxDate={formats.today()} valueFormat="D MMM YYYY" w={170} />
        <ScanField scan={scan} onScan={setScan} />
      </Group>
      {fill.data && fill.data.refused.length > 0 && (
        <Text size="sm" c="var(--denied)" role="alert">
          {t("filled.refused", { boxes: fill.data.refused.map((each) => each.problem.title).join(" · ") })}
        </Text>
      )}
      {fill.error && <ProblemFace error={asProblem(fill.error)} />}
      <Group justify="flex-end" gap="sm">
        {(!scan || !isMarked) && (
          <Text size="sm" c="dimmed">
            {t(isMarked ? "filled.needs_scan" : "filled.needs_mark")}
          </Text>
        )}
        <Button onClick={onClose}>{tc("act.cancel")}</Button>
        <Button variant="filled" onClick={save} loading={fill.isPending} disabled={!scan || !isMarked}>
          {t("consent.save")}
        </Button>
      </Group>
    </Stack>
  );
}

function Box({ box, language, choice, onChoice }: { box: FormBox; language: string; choice: Choice; onChoice: (choice: Choice) => void }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const spoken = box.texts[language] ? language : (Object.keys(box.texts)[0] ?? "it");
  const what = box.purposes.map((purpose) => tc(`purpose.${purpose}`)).join(", ");
  const how = box.channels.map((channel) => tc(`channel.${channel}`)).join(", ");
  return (
    <fieldset className={classes.formBox}>
      <legend className="visually-hidden">{what}</legend>
      <div>
        <Text size="sm" fw={550}>
          {[what, box.recipient_name].filter(Boolean).join(": ")} {how && <Text span size="sm" c="dimmed" fw={400}>· {how}</Text>}
        </Text>
        <Text size="xs" c="dimmed" lang={spoken}>
          {box.texts[spoken]}
        </Text>
      </div>
      <SegmentedControl
        value={choice}
        onChange={(value) => onChoice(value as Choice)}
        size="sm"
        aria-label={what}
        data={(["yes", "no", "blank"] as const).map((value) => ({ value, label: t(`filled.choice.${value}`) }))}
      />
    </fieldset>
  );
}
