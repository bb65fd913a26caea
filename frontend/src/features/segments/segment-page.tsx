/** Loads a saved segment or a preset, then opens the builder on it. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loaded } from "@/ui/faces";
import { type Segment, presetsQuery, segmentQuery } from "./queries";
import { SegmentBuilder } from "./segment-builder";
import { EMPTY_TREE } from "./tree";

type Props = {
  id: string;
  preset?: string;
  onSaved: (segment: Segment) => void;
  onDeleted: () => void;
  /** «Esporta» for a saved segment, which belongs to another feature. */
  exporting?: ReactNode;
};

export function SegmentPage({ id, preset, ...rest }: Props) {
  return id === "new" ? <NewSegment preset={preset} {...rest} /> : <SavedSegment id={id} {...rest} />;
}

function NewSegment({ preset, ...rest }: Omit<Props, "id">) {
  const presets = useQuery({ ...presetsQuery, enabled: preset !== undefined });
  const blank = { name: "", tree: EMPTY_TREE };
  if (preset === undefined) return <SegmentBuilder saved={null} start={blank} onReload={() => undefined} {...rest} />;
  return (
    <Loaded query={presets}>
      {(all) => {
        const start = all.find(({ key }) => key === preset) ?? blank;
        return <SegmentBuilder key={preset} saved={null} start={start} onReload={() => undefined} {...rest} />;
      }}
    </Loaded>
  );
}

function SavedSegment({ id, ...rest }: Omit<Props, "preset">) {
  const query = useQuery(segmentQuery(id));
  return (
    <Loaded query={query}>
      {(saved) => (
        <SegmentBuilder
          key={`${id}-${saved.tag}`}
          saved={saved}
          start={{ name: saved.body.name, tree: saved.body.tree }}
          onReload={() => void query.refetch()}
          {...rest}
        />
      )}
    </Loaded>
  );
}
