/**
 * Levels of confirmation (UX §5). 0 is an undo in a toast. 1 is `ConfirmAt`, a popover at the button. 2 is `ConfirmModal` with the
 * consequences in numbers and the verb on its button; `typed` makes it level 3. Proof of who acts is asked by the API client itself.
 */
import { Button, Group, Modal, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

type AtProps = {
  question: ReactNode;
  verb: string;
  onConfirm: () => void;
  children: (open: () => void) => ReactNode;
};

export function ConfirmAt({ question, verb, onConfirm, children }: AtProps) {
  const { t } = useTranslation();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Popover opened={isOpen} onChange={(opened) => !opened && close()} width={280} trapFocus returnFocus withinPortal withRoles={false}>
      <Popover.Target>
        <span>{children(open)}</span>
      </Popover.Target>
      <Popover.Dropdown p="lg" role="dialog" aria-label={verb}>
        <Text size="sm" mb="md">
          {question}
        </Text>
        <Group gap="sm" justify="flex-end">
          <Button size="xs" onClick={close} data-autofocus>
            {t("act.cancel")}
          </Button>
          <Button
            size="xs"
            variant="filled"
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {verb}
          </Button>
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}

type ModalProps = {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  verb: string;
  onConfirm: () => void;
  isBusy?: boolean;
  isHarmful?: boolean;
  /** A number or a surname to copy out before the verb becomes available. */
  typed?: string;
  canConfirm?: boolean;
};

export function ConfirmModal(props: ModalProps) {
  const { isOpen, onClose, title, children, verb, onConfirm, isBusy, isHarmful, typed, canConfirm = true } = props;
  const { t } = useTranslation();
  const [written, setWritten] = useState("");
  const matches = !typed || written.trim().toLocaleLowerCase() === typed.trim().toLocaleLowerCase();
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size="md" closeButtonProps={{ "aria-label": t("act.close") }}>
      <Stack gap="md">
        {children}
        {typed && (
          <TextInput
            label={t("confirm.type_to_confirm", { word: typed })}
            value={written}
            onChange={(event) => setWritten(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        <Group gap="sm" justify="flex-end" mt="sm">
          <Button onClick={onClose} data-autofocus>
            {t("act.cancel")}
          </Button>
          <Button
            variant="filled"
            color={isHarmful ? "red.9" : undefined}
            onClick={onConfirm}
            loading={isBusy}
            disabled={!matches || !canConfirm}
          >
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
