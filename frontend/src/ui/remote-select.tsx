/** Choose one thing out of many that only the server can search: typing asks, the chosen one keeps its name. */
import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, type QueryKey } from "@tanstack/react-query";
import { useState } from "react";

export type RemoteOption = { value: string; label: string };

type Props = Omit<SelectProps, "data" | "value" | "onChange" | "searchValue" | "onSearchChange"> & {
  chosen: RemoteOption | null;
  onChoose: (option: RemoteOption | null) => void;
  /** Identifies the search; the text is added to it. Personal text must not be kept: give `isPrivate`. */
  searchKey: QueryKey;
  search: (text: string, signal: AbortSignal) => Promise<RemoteOption[]>;
  isPrivate?: boolean;
  minLength?: number;
};

export function RemoteSelect({ chosen, onChoose, searchKey, search, isPrivate, minLength = 0, nothingFoundMessage, ...select }: Props) {
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed, 250);
  const asked = text === chosen?.label ? "" : text.trim();
  const { data = [], isFetching } = useQuery({
    queryKey: [...searchKey, asked],
    queryFn: ({ signal }) => search(asked, signal),
    enabled: asked.length >= minLength,
    placeholderData: keepPreviousData,
    gcTime: isPrivate ? 0 : 60_000,
    staleTime: 30_000,
  });
  const options = chosen && !data.some((option) => option.value === chosen.value) ? [chosen, ...data] : data;
  return (
    <Select
      searchable
      data={options}
      filter={({ options: all }) => all}
      value={chosen?.value ?? null}
      onChange={(value) => onChoose(options.find((option) => option.value === value) ?? null)}
      searchValue={typed}
      onSearchChange={setTyped}
      rightSection={isFetching ? <Loader size={14} /> : undefined}
      // Nobody is missing before anybody was looked for.
      nothingFoundMessage={asked.length >= minLength && !isFetching ? nothingFoundMessage : undefined}
      {...select}
    />
  );
}
