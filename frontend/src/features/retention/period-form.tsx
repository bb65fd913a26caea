/** Another time to keep something: who approves it and why; longer than the benchmark only with a signed assessment (C-30). */
import { Alert, NumberInput, Text, Textarea, TextInput } from "@mantine/core";
import { IconFileCertificate } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import { useSetPeriod, type Period } from "./queries";
import { usePeriodWords } from "./words";

const assessed = new Set<Period["clock"]>(["PURCHASES_PROFILED", "PURCHASES_TRACED"]);

export function PeriodForm({ period, onClose }: { period: Period; onClose: () => void }) {
  const { t, i18n } = useTranslation("retention");
  const { t: tc } = useTranslation();
  const words = usePeriodWords();
  const save = useSetPeriod(period.clock);
  const [months, setMonths] = useState<number | string>(period.months ?? "");
  const [approver, setApprover] = useState("");
  const [reason, setReason] = useState("");
  const errors = fieldErrors(save.error);
  return (
    <FormModal
      title={t(`clock.${period.clock}`)}
      verb={tc("act.save")}
      errors={errors}
      isBusy={save.isPending}
      canSend={Number(months) >= 1 && !!approver.trim() && !!reason.trim()}
      onClose={onClose}
      onSend={() =>
        save.mutate(
          { months: Number(months), approver: approver.trim(), reason: reason.trim() },
          {
            onSuccess: () => {
              tell(tc("saved"));
              onClose();
            },
          },
        )
      }
    >
      <Text size="sm" className={wide}>
        {period.because[i18n.language] ?? period.because.it} {t("form.now", { period: words(period) })}
      </Text>
      {assessed.has(period.clock) && (
        <Alert className={wide} icon={<IconFileCertificate size={18} />}>
          {t("form.assessment")}
        </Alert>
      )}
      <NumberInput label={t("form.months")} description={t(`benchmark.${period.clock}`)} value={months} onChange={setMonths} min={1} max={240} allowDecimal={false} data-autofocus error={errors.of("months")} />
      <TextInput label={t("form.approver")} description={t("form.approver_help")} value={approver} onChange={(event) => setApprover(event.currentTarget.value)} maxLength={120} error={errors.of("approver")} />
      <Textarea className={wide} label={t("form.reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} autosize minRows={2} error={errors.of("reason")} />
    </FormModal>
  );
}
