/** What a number of «Qualità» filtered, in words, each removable. */
import { Group, Pill } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { measuresIn } from "./measured";
import type { CustomerSearch } from "./queries";

type Props = { search: CustomerSearch; onSearch: (change: Partial<CustomerSearch>) => void };

export function QualityChips({ search, onSearch }: Props) {
  const { t } = useTranslation("quality");
  const { t: tk } = useTranslation("card");
  const { t: tl } = useTranslation("customers");
  const measures = measuresIn(search.quality);
  if (measures.length === 0 && !search.source) return null;
  const without = (gone: string) => measures.filter((each) => each !== gone).join(",") || undefined;
  const chip = (key: string, words: string, onRemove: () => void) => (
    <Pill key={key} withRemoveButton size="md" onRemove={onRemove} removeButtonProps={{ "aria-label": tl("remove_filter", { filter: words }), tabIndex: 0, "aria-hidden": false }}>
      {words}
    </Pill>
  );
  return (
    <Group gap="sm" mb="lg" role="group" aria-label={tl("filtered_by")}>
      {measures.map((measure) => chip(measure, t(`measure.${measure}`), () => onSearch({ quality: without(measure), cursor: undefined })))}
      {search.source &&
        chip("source", tl("came_from", { source: tk(`choice.acquisition_source.${search.source}`) }), () => onSearch({ source: undefined, cursor: undefined }))}
    </Group>
  );
}
