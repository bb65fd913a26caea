/** «Unisci con un’altra scheda…»: find the other card of the same person. */
import { Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { RemoteSelect } from "@/ui/remote-select";
import { findPeople } from "./queries";

type Props = { customerId: string; onClose: () => void; onFound: (otherId: string) => void };

export function FindOther({ customerId, onClose, onFound }: Props) {
  const { t } = useTranslation("duplicates");
  const { t: tc } = useTranslation();
  const search = async (text: string, signal: AbortSignal) =>
    (await findPeople(text, signal))
      .filter((person) => person.id !== customerId)
      .map((person) => ({
        value: person.id,
        label: [person.full_name || t("no_name"), person.city, person.phone_end && `… ${person.phone_end}`].filter(Boolean).join(" · "),
      }));
  return (
    <Modal opened onClose={onClose} title={t("find.title")} closeButtonProps={{ "aria-label": tc("act.close") }}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("find.detail")}
        </Text>
        <RemoteSelect
          label={t("find.label")}
          placeholder={t("find.placeholder")}
          nothingFoundMessage={t("find.nobody")}
          data-autofocus
          chosen={null}
          onChoose={(person) => person && onFound(person.value)}
          searchKey={["lookups", "other-card", customerId]}
          search={search}
          minLength={2}
          isPrivate
        />
      </Stack>
    </Modal>
  );
}
