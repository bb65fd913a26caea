/** The question of one pair: the two cards, what would become of them, and the merge with its undo (UX §4.12). */
import { Button, Kbd, Text } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconArrowMerge } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { useKeys } from "@/lib/keys";
import { ConfirmModal } from "@/ui/confirm";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { tell, tellProblem, tellUndoable } from "@/ui/toast";
import { permissionLines } from "./choices";
import { Compare } from "./compare";
import classes from "./duplicates.module.css";
import { previewOptions, useMerge, useReverseMerge, type Choices, type Merge, type Preview } from "./queries";
import { usePairWords } from "./values";

type Props = {
  winnerId: string;
  loserId: string;
  pairId?: string;
  eyebrow?: ReactNode;
  subtitle?: ReactNode;
  /** Other answers to the question, left of «Unisci». */
  otherActs?: ReactNode;
  /** The keys of those answers, in words. */
  otherKeys?: ReactNode;
  children?: ReactNode;
  onMerged: (merge: Merge) => void;
};

export function CompareScreen({ winnerId, loserId, pairId, eyebrow, subtitle, otherActs, otherKeys, children, onMerged }: Props) {
  const { t } = useTranslation("duplicates");
  const words = usePairWords();
  const mayMerge = useMay("duplicates:write");
  const [choices, setChoices] = useState<Choices>({});
  const preview = useQuery(previewOptions(winnerId, loserId, choices));
  const [isAsking, question] = useDisclosure(false);
  const canMerge = mayMerge && preview.data !== undefined;
  useKeys({ enter: () => canMerge && question.open() });
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        eyebrow={eyebrow}
        title={preview.data ? words("question", preview.data.winner, preview.data.loser) : t("question_open")}
        subtitle={subtitle}
        actions={
          mayMerge && (
            <>
              {otherActs}
              <Button variant="filled" leftSection={<IconArrowMerge size={16} stroke={1.75} />} loading={preview.isPending} disabled={preview.isError} onClick={question.open}>
                {t("merge")}
              </Button>
            </>
          )
        }
      />
      <div className={classes.stack}>
        <Loaded
          query={preview}
          skeleton={
            <Panel>
              <SkeletonRows rows={9} />
            </Panel>
          }
        >
          {(answer) => (
            <Compare
              preview={answer}
              choices={choices}
              onChoose={(field, side) => setChoices((before) => ({ ...before, [field]: side }))}
              isStale={preview.isPlaceholderData}
            />
          )}
        </Loaded>
        {mayMerge && (
          <p className={`${classes.keys} no-print`}>
            <Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> {t("keys.field")} <Kbd size="xs">1</Kbd> <Kbd size="xs">2</Kbd> {t("keys.value")}{" "}
            <Kbd size="xs">{t("keys.enter")}</Kbd> {t("keys.merge")} {otherKeys}
          </p>
        )}
        {children}
      </div>
      {isAsking && preview.data && (
        <MergeQuestion
          preview={preview.data}
          choices={choices}
          pairId={pairId}
          isStale={preview.isPlaceholderData}
          onClose={question.close}
          onMerged={onMerged}
        />
      )}
    </>
  );
}

type QuestionProps = {
  preview: Preview;
  choices: Choices;
  pairId: string | undefined;
  isStale: boolean;
  onClose: () => void;
  onMerged: (merge: Merge) => void;
};

/** Level 2: both names, what becomes of them in numbers. Ctrl Enter confirms, so that a pair takes two keys. */
function MergeQuestion({ preview, choices, pairId, isStale, onClose, onMerged }: QuestionProps) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  const merge = useMerge();
  const reverse = useReverseMerge();
  const [intent] = useState(() => crypto.randomUUID());
  const { winner, loser, merged } = preview;
  const narrowed = permissionLines(preview).lines.length;
  const words = usePairWords();

  const undo = (merge: Merge) =>
    reverse.mutateAsync({ mergeId: merge.id, intent: crypto.randomUUID() }).then(() => tell(t("undone")), tellProblem);
  const confirm = () => {
    if (merge.isPending || isStale) return;
    merge
      .mutateAsync({ winner_id: winner.id, loser_id: loser.id, choices, pair_id: pairId, intent })
      .then((made) => {
        tellUndoable(t("merged"), () => void undo(made));
        onClose();
        onMerged(made);
      })
      .catch(tellProblem);
  };
  useHotkeys([["mod+Enter", confirm]]);

  return (
    <ConfirmModal isOpen onClose={onClose} title={words("confirm.title", winner, loser)} verb={t("confirm.verb")} onConfirm={confirm} isBusy={merge.isPending} canConfirm={!isStale}>
      <ul className={classes.consequences}>
        <li>{words("confirm.stays", winner, loser)}</li>
        <li>
          {t("confirm.worth", {
            count: merged.visits,
            visits: formats.number(merged.visits),
            money: formats.money(merged.revenue),
            first: formats.money(winner.revenue),
            second: formats.money(loser.revenue),
          })}
        </li>
        <li>{t("confirm.contacts", { count: merged.contact_points.length })}</li>
        <li>{narrowed > 0 ? t("confirm.permissions", { count: narrowed }) : t("compare.permissions_alike")}</li>
      </ul>
      <Text size="sm" c="dimmed">
        {t("confirm.reversible")}
      </Text>
      <Text size="xs" c="dimmed">
        <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">{t("keys.enter")}</Kbd> {t("keys.confirm")}
      </Text>
    </ConfirmModal>
  );
}
