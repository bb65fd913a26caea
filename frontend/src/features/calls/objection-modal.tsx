/** An objection on the line: what is refused, and the sentence to read aloud before it is recorded (C-15). */
import { Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmModal } from "@/ui/confirm";
import classes from "./calls.module.css";
import type { Call, Outcome } from "./queries";

type Scope = NonNullable<Outcome["objects_to"]>;
type Props = {
  isOpen: boolean;
  name: string;
  script: Call["script"];
  onClose: () => void;
  onConfirm: (scope: Scope) => void;
  isBusy: boolean;
};

export function ObjectionModal({ isOpen, name, script, onClose, onConfirm, isBusy }: Props) {
  const { t } = useTranslation("calls");
  const [scope, setScope] = useState<Scope>("CALLS");
  return (
    <ConfirmModal
      isOpen={isOpen}
      onClose={onClose}
      title={t("objection.title", { name })}
      verb={t("objection.act")}
      onConfirm={() => onConfirm(scope)}
      isBusy={isBusy}
    >
      <Radio.Group value={scope} onChange={(value) => setScope(value as Scope)} aria-label={t("objection.title", { name })}>
        <Stack gap="sm">
          <Radio value="CALLS" label={t("objection.calls")} />
          <Radio value="EVERYTHING" label={t("objection.everything")} />
        </Stack>
      </Radio.Group>
      {script && (
        <div>
          <div className={classes.caption}>{t("objection.read")}</div>
          <p lang={script.language} className={classes.aloud}>
            {scope === "CALLS" ? script.after_objection : script.after_objection_to_all}
          </p>
        </div>
      )}
    </ConfirmModal>
  );
}
