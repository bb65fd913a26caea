import { Modal } from "@mantine/core";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { onStepUpWanted } from "@/api/client";

const ProofForm = lazy(() => import("./proof-form").then((file) => ({ default: file.ProofForm })));

/** Asks for fresh proof when an act wants it, then lets the act go on by itself. */
export function StepUp() {
  const { t } = useTranslation("session");
  const [isOpen, setOpen] = useState(false);
  const settle = useRef<((proven: boolean) => void) | null>(null);

  useEffect(
    () =>
      onStepUpWanted(
        () =>
          new Promise<boolean>((resolve) => {
            settle.current = resolve;
            setOpen(true);
          }),
      ),
    [],
  );

  function finish(proven: boolean) {
    setOpen(false);
    settle.current?.(proven);
    settle.current = null;
  }

  return (
    <Modal opened={isOpen} onClose={() => finish(false)} title={t("step_up")} zIndex={450} size="sm">
      <Suspense>{isOpen && <ProofForm onDone={finish} />}</Suspense>
    </Modal>
  );
}
