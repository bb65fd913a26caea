/** Separating two cards again: what goes back, said before; what a later change keeps, said after. */
import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmModal } from "@/ui/confirm";
import { LinkButton } from "@/ui/link-button";
import { tellProblem } from "@/ui/toast";
import classes from "./duplicates.module.css";
import { useReverseMerge, type Kept, type Merge } from "./queries";
import { useFieldValue, useMovedWords } from "./values";

type QuestionProps = { merge: Merge; onClose: () => void; onSeparated: (answer: { merge: Merge; kept: Kept[] }) => void };

export function SeparateQuestion({ merge, onClose, onSeparated }: QuestionProps) {
  const { t } = useTranslation("duplicates");
  const reverse = useReverseMerge();
  const moved = useMovedWords(merge);
  const [intent] = useState(() => crypto.randomUUID());
  const separate = () =>
    reverse.mutate(
      { mergeId: merge.id, intent },
      {
        onSuccess: (answer) => {
          onClose();
          onSeparated(answer);
        },
        onError: tellProblem,
      },
    );
  return (
    <ConfirmModal
      isOpen
      onClose={onClose}
      title={t("separate.title", { name: merge.loser_name || t("no_name") })}
      verb={t("separate.verb")}
      onConfirm={separate}
      isBusy={reverse.isPending}
    >
      <ul className={classes.consequences}>
        <li>{moved ? t("separate.returns", { what: moved }) : t("separate.returns_card")}</li>
        <li>{t("separate.permissions")}</li>
        <li>{t("separate.stays")}</li>
      </ul>
    </ConfirmModal>
  );
}

export function Separated({ merge, kept, onClose }: { merge: Merge; kept: Kept[]; onClose: () => void }) {
  const { t } = useTranslation("duplicates");
  const { t: tc } = useTranslation();
  const show = useFieldValue();
  return (
    <Modal opened onClose={onClose} title={t("separate.done", { name: merge.loser_name || t("no_name") })} closeButtonProps={{ "aria-label": tc("act.close") }}>
      <Stack gap="md">
        {kept.length === 0 ? (
          <Text size="sm">{t("separate.all_back")}</Text>
        ) : (
          <div>
            <Text size="sm" mb="xs">
              {t("separate.kept", { count: kept.length })}
            </Text>
            <List size="sm">
              {kept.map((each) => (
                <List.Item key={`${each.id} ${each.field}`}>
                  {t("merges.field", {
                    label: t(`field.${each.field}`, { defaultValue: each.field }),
                    value: typeof each.value === "string" ? show(each.field, each.value) : "–",
                  })}
                </List.Item>
              ))}
            </List>
          </div>
        )}
        <Group justify="flex-end" gap="sm">
          <LinkButton to="/customers/$customerId" params={{ customerId: merge.loser_id }} onClick={onClose}>
            {t("separate.open_other")}
          </LinkButton>
          <Button variant="filled" onClick={onClose}>
            {tc("act.close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
