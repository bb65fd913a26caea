/** The owner says what each field is worth to this shop: it orders what is asked and weighs the score. */
import { Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./quality.module.css";
import { ranks as allRanks, ranksOptions, useRankFields, type Field, type Rank, type Ranks } from "./queries";

export function RanksModal({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("quality");
  const { t: tc } = useTranslation();
  const query = useQuery(ranksOptions);
  return (
    <Modal opened onClose={onClose} size="lg" title={t("ranks.title")} closeButtonProps={{ "aria-label": tc("act.close") }}>
      <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
        {(answer) => <RanksForm ranks={answer.ranks} onClose={onClose} />}
      </Loaded>
    </Modal>
  );
}

function RanksForm({ ranks, onClose }: { ranks: Ranks; onClose: () => void }) {
  const { t } = useTranslation("quality");
  const { t: tc } = useTranslation();
  const [chosen, setChosen] = useState(ranks);
  const save = useRankFields();
  const changed = Object.keys(chosen).some((field) => chosen[field] !== ranks[field]);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("ranks.detail")}
      </Text>
      <div className={classes.ranks}>
        {(Object.keys(chosen) as Field["field"][]).map((field) => (
          <div key={field} className={classes.rankRow}>
            <span>{t(`field.${field}`)}</span>
            <SegmentedControl
              aria-label={t(`field.${field}`)}
              value={chosen[field]}
              onChange={(rank) => setChosen({ ...chosen, [field]: rank as Rank })}
              data={allRanks.map((rank) => ({ value: rank, label: t(`rank.${rank}`) }))}
            />
          </div>
        ))}
      </div>
      <Group justify="flex-end" gap="sm">
        <Button onClick={onClose}>{tc("act.cancel")}</Button>
        <Button
          variant="filled"
          loading={save.isPending}
          disabled={!changed}
          onClick={() =>
            save.mutate(chosen, {
              onSuccess: () => {
                tell(t("ranks.saved"));
                onClose();
              },
              onError: tellProblem,
            })
          }
        >
          {tc("act.save")}
        </Button>
      </Group>
    </Stack>
  );
}
