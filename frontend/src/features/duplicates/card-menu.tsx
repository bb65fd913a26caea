/** What can be done with a card besides writing: join it to another of the same person. */
import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowMerge, IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { FindOther } from "./find-other";

export function CardMenu({ customerId, onCompare }: { customerId: string; onCompare: (otherId: string) => void }) {
  const { t } = useTranslation("duplicates");
  const [isFinding, finding] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={34} aria-label={t("menu.label")}>
            <IconDots size={18} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowMerge size={16} stroke={1.75} />} onClick={finding.open}>
            {t("menu.merge")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isFinding && <FindOther customerId={customerId} onClose={finding.close} onFound={onCompare} />}
    </>
  );
}
