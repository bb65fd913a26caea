/** «Schede unite»: who joined what and when, which values came over, and the way back, which stays open for ever. */
import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Panel, PanelRow } from "@/ui/panel";
import { mergesOptions, type Kept, type Merge } from "./queries";
import { Separated, SeparateQuestion } from "./separate";
import { useFieldValue, useMovedWords } from "./values";

type Props = { customerId: string; isFrozen: boolean };

export function MergesPanel({ customerId, isFrozen }: Props) {
  const { t } = useTranslation("duplicates");
  const merges = useQuery(mergesOptions(customerId)).data ?? [];
  const mayMerge = useMay("duplicates:write");
  const [asked, setAsked] = useState<Merge | null>(null);
  const [told, setTold] = useState<{ merge: Merge; kept: Kept[] } | null>(null);
  if (merges.length === 0) return null;
  return (
    <Panel title={t("merges.title")} count={merges.length}>
      {merges.map((merge) => (
        <PanelRow key={merge.id}>
          <MergeWords merge={merge} />
          {merge.is_reversible && mayMerge && !isFrozen && (
            <Button size="xs" mt={6} onClick={() => setAsked(merge)}>
              {t("merges.separate")}
            </Button>
          )}
        </PanelRow>
      ))}
      {asked && <SeparateQuestion merge={asked} onClose={() => setAsked(null)} onSeparated={setTold} />}
      {told && <Separated {...told} onClose={() => setTold(null)} />}
    </Panel>
  );
}

function MergeWords({ merge }: { merge: Merge }) {
  const { t } = useTranslation("duplicates");
  const formats = useFormats();
  const show = useFieldValue();
  const moved = useMovedWords(merge);
  const came = merge.fields.filter((each) => each.source === "loser").map((each) => {
    const label = t(`field.${each.field}`, { defaultValue: each.field });
    return typeof each.after === "string" ? t("merges.field", { label, value: show(each.field, each.after) }) : label;
  });
  return (
    <>
      <Text size="sm" fw={550}>
        {merge.loser_name || t("no_name")}
      </Text>
      <Text size="xs" c="dimmed" title={formats.full(merge.merged_at)}>
        {t(`merges.reason.${merge.reason}`, { who: merge.merged_by, when: formats.relativeDay(merge.merged_at) })}
      </Text>
      {moved && (
        <Text size="xs" c="dimmed">
          {t("merges.moved", { what: moved })}
        </Text>
      )}
      {came.length > 0 && (
        <Text size="xs" c="dimmed">
          {t("merges.came", { fields: came.join(", ") })}
        </Text>
      )}
      {merge.unmerged_at && (
        <Text size="xs" mt={2}>
          {t("merges.undone", { who: merge.unmerged_by ?? "–", when: formats.relativeDay(merge.unmerged_at) })}
        </Text>
      )}
    </>
  );
}
