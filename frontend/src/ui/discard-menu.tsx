/** The quiet place for throwing a draft away: a menu with one act, and a question before it (UX §5, level 2). */
import { ActionIcon, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconTrash } from "@tabler/icons-react";
import { ConfirmModal } from "./confirm";

type Props = { label: string; verb: string; title: string; detail: string; isBusy: boolean; onConfirm: () => void };

export function DiscardMenu({ label, verb, title, detail, isBusy, onConfirm }: Props) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={label}>
            <IconDots size={18} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTrash size={15} stroke={1.75} />} onClick={open}>
            {verb}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmModal isOpen={isOpen} onClose={close} title={title} verb={verb} isHarmful isBusy={isBusy} onConfirm={onConfirm}>
        <Text size="sm">{detail}</Text>
      </ConfirmModal>
    </>
  );
}
