/** Two cards that somebody put side by side by hand: the same question, without evidence. */
import { useTranslation } from "react-i18next";
import { CompareScreen } from "./compare-screen";

type Props = { first: string; second: string; onMerged: (winnerId: string) => void };

export function MergePage({ first, second, onMerged }: Props) {
  const { t } = useTranslation("duplicates");
  return <CompareScreen winnerId={first} loserId={second} subtitle={t("by_hand")} onMerged={(merge) => onMerged(merge.winner_id)} />;
}
