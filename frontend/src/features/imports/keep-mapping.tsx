import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBookmark } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { problemWords } from "@/lib/problem-words";
import { tell } from "@/ui/toast";
import { useKeepMapping, type Import } from "./queries";

/** Keeps how these columns are read, for the next file, for watched folders and for the command. */
export function KeepMapping({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="subtle" leftSection={<IconBookmark size={16} stroke={1.75} />} onClick={open}>
        {t("keep.act")}
      </Button>
      <Modal opened={isOpen} onClose={close} title={t("keep.title")}>
        {isOpen && <KeepForm subject={subject} onClose={close} />}
      </Modal>
    </>
  );
}

function KeepForm({ subject, onClose }: { subject: Import; onClose: () => void }) {
  const { t } = useTranslation("imports");
  const { t: tc } = useTranslation();
  const keep = useKeepMapping(subject);
  const [name, setName] = useState(subject.source);
  const problem = keep.error ? asProblem(keep.error) : null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate(name.trim(), {
          onSuccess: () => {
            tell(t("keep.saved", { name: name.trim() }));
            onClose();
          },
        });
      }}
    >
      <Stack>
        <TextInput
          label={t("keep.name")}
          description={t("keep.help")}
          maxLength={80}
          value={name}
          // A name is also a part of an address.
          onChange={(event) => setName(event.currentTarget.value.replaceAll("/", "-"))}
          error={problem && (problem.errors[0]?.message ?? problemWords(problem).title)}
          data-autofocus
        />
        <Group justify="flex-end" gap="sm">
          <Button onClick={onClose}>{tc("act.cancel")}</Button>
          <Button variant="filled" type="submit" loading={keep.isPending} disabled={!name.trim()}>
            {t("keep.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
