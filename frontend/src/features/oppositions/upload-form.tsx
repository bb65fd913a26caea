/** An answer of the operator, with the day it was given: from that day it ages. */
import { Button, FileInput, Group, Modal, Select, Text } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import { tell } from "@/ui/toast";
import { useUploadAnswer, type RegisterKind, type Upload } from "./queries";

export function UploadForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("oppositions");
  const { today } = useFormats();
  const upload = useUploadAnswer();
  const [file, setFile] = useState<File | null>(null);
  const [kind, setKind] = useState<RegisterKind>("PHONE");
  const [day, setDay] = useState<string | null>(today());
  const errors = fieldErrors(upload.error);
  const taken = upload.data;
  if (taken) return <Report upload={taken} onClose={onClose} />;
  return (
    <FormModal
      title={t("form.title")}
      verb={t("form.send")}
      size="md"
      errors={errors}
      isBusy={upload.isPending}
      canSend={file !== null && day !== null}
      onClose={onClose}
      onSend={() => {
        if (!file || !day) return;
        upload.mutate(
          { file, kind, answered_on: day },
          {
            onSuccess: ({ refused_count }) => {
              if (refused_count > 0) return;
              tell(t("form.done"));
              onClose();
            },
          },
        );
      }}
    >
      <Text size="sm" className={wide} c="dimmed">
        {t("form.help")}
      </Text>
      <FileInput
        className={wide}
        label={t("form.file")}
        placeholder={t("form.choose")}
        value={file}
        onChange={setFile}
        accept=".csv,.txt,text/csv"
        leftSection={<IconFileText size={16} stroke={1.75} />}
        clearable
        error={errors.of("file")}
      />
      <Select
        label={t("form.register")}
        data={(["PHONE", "POSTAL"] as const).map((each) => ({ value: each, label: t(`register.${each}`) }))}
        value={kind}
        onChange={(chosen) => chosen && setKind(chosen as RegisterKind)}
        allowDeselect={false}
      />
      <DateInput label={t("form.answered_on")} description={t("form.answered_help")} value={day} onChange={setDay} maxDate={today()} valueFormat="D MMMM YYYY" error={errors.of("answered_on")} />
    </FormModal>
  );
}

/** Stays until read: a row that could not be read covers nobody. */
function Report({ upload, onClose }: { upload: Upload; onClose: () => void }) {
  const { t } = useTranslation("oppositions");
  const { t: tc } = useTranslation();
  const { number } = useFormats();
  return (
    <Modal opened onClose={onClose} title={t("refused", { count: upload.refused_count })} closeButtonProps={{ "aria-label": tc("act.close") }}>
      {upload.refused.slice(0, 20).map(({ line, fault }) => (
        <div key={line}>
          {t("line", { line: number(line) })}: {t(`fault.${fault}`)}
        </div>
      ))}
      <Text size="sm" mt="sm">
        {t("form.partly", { numbers: number(upload.numbers_count), listed: number(upload.listed_count) })}
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="filled" onClick={onClose}>
          {tc("act.close")}
        </Button>
      </Group>
    </Modal>
  );
}
