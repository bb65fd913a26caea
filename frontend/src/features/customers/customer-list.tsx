/** Everybody, found in two letters or read page by page (UX §4.3). */
import { Button, CloseButton, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFileImport, IconPlus, IconSearch, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { DataTable, Pager } from "@/ui/data-table";
import { EmptyFace, Loaded, SkeletonRows } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { useCustomerColumns, useFoundColumns } from "./customer-columns";
import classes from "./customers.module.css";
import { QualityChips } from "./quality-chips";
import {
  customerPageOptions,
  emailAnswersOptions,
  peopleSearchOptions,
  sorts,
  stages,
  storesOptions,
  type CustomerPage,
  type CustomerSearch,
} from "./queries";

type Props = {
  search: CustomerSearch;
  onSearch: (change: Partial<CustomerSearch>) => void;
  /** Kept in the history entry, so that Back restores it and the address bar never shows it. */
  text: string;
  onText: (text: string) => void;
  /** «Esporta», which belongs to another feature. */
  exporting?: ReactNode;
};

export function CustomerList({ search, onSearch, text, onText, exporting }: Props) {
  const { t } = useTranslation("customers");
  const page = useQuery(customerPageOptions(search));
  const isSearching = text.trim().length >= 2;
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={t("title")}
        beside={<Total page={page.data} />}
        actions={
          <>
            <ImportLink />
            {exporting}
            <LinkButton
              variant="filled"
              leftSection={<IconPlus size={16} stroke={1.75} />}
              to="/customers/new"
            >
              {t("new")}
            </LinkButton>
          </>
        }
      />
      <Filters search={search} onSearch={onSearch} text={text} onText={onText} />
      <QualityChips search={search} onSearch={onSearch} />
      <Panel>{isSearching ? <FoundPeople text={text} /> : <AllPeople page={page} search={search} onSearch={onSearch} />}</Panel>
    </>
  );
}

function ImportLink() {
  const { t } = useTranslation("customers");
  return (
    <OnlyIf may="imports:write">
      <LinkButton leftSection={<IconFileImport size={16} stroke={1.75} />} to="/customers/imports">
        {t("import")}
      </LinkButton>
    </OnlyIf>
  );
}

function Total({ page }: { page: CustomerPage | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (page?.total == null) return null;
  const total = formats.number(page.total);
  return <span className={classes.total}>{page.total_is_capped ? t("table.total_capped", { total }) : total}</span>;
}

function Filters({ search, onSearch, text, onText }: Omit<Props, "exporting">) {
  const { t } = useTranslation("customers");
  const stores = useQuery(storesOptions);
  const change = (part: Partial<CustomerSearch>) => onSearch({ ...part, cursor: undefined });
  return (
    <Group gap="sm" mb="lg" className={`${classes.filters} no-print`}>
      <TextInput
        className={classes.search}
        leftSection={<IconSearch size={16} stroke={1.75} />}
        rightSection={text && <CloseButton size="sm" aria-label={t("clear")} onClick={() => onText("")} />}
        placeholder={t("search")}
        aria-label={t("search")}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Select
        w={140}
        placeholder={t("stage_any")}
        aria-label={t("stage_label")}
        clearable
        value={search.stage ?? null}
        onChange={(stage) => change({ stage: (stage as CustomerSearch["stage"]) ?? undefined })}
        data={stages.map((stage) => ({ value: stage, label: t(`stage.${stage}`) }))}
      />
      {(stores.data?.length ?? 0) > 1 && (
        <Select
          w={140}
          placeholder={t("store_any")}
          aria-label={t("store_label")}
          clearable
          searchable
          value={search.store_id ?? null}
          onChange={(store) => change({ store_id: store ?? undefined })}
          data={(stores.data ?? []).map((store) => ({ value: store.id, label: store.name }))}
        />
      )}
      <TextInput
        w={104}
        placeholder={t("city")}
        aria-label={t("city")}
        defaultValue={search.city ?? ""}
        onBlur={(event) => change({ city: event.currentTarget.value.trim() || undefined })}
        onKeyDown={(event) => event.key === "Enter" && change({ city: event.currentTarget.value.trim() || undefined })}
      />
      <TextInput
        w={104}
        placeholder={t("tag")}
        aria-label={t("tag")}
        defaultValue={search.tag ?? ""}
        onBlur={(event) => change({ tag: event.currentTarget.value.trim() || undefined })}
        onKeyDown={(event) => event.key === "Enter" && change({ tag: event.currentTarget.value.trim() || undefined })}
      />
      <Select
        w={160}
        ml="auto"
        aria-label={t("sort_label")}
        allowDeselect={false}
        value={search.sort ?? "name"}
        onChange={(sort) => change({ sort: sort === "name" ? undefined : (sort as CustomerSearch["sort"]) })}
        data={sorts.map((sort) => ({ value: sort, label: t(`sort.${sort.replace("-", "")}`) }))}
      />
    </Group>
  );
}

const everybody: CustomerSearch = {
  stage: undefined,
  store_id: undefined,
  tag: undefined,
  city: undefined,
  due: undefined,
  quality: undefined,
  source: undefined,
  cursor: undefined,
};

type AllProps = Pick<Props, "search" | "onSearch"> & { page: ReturnType<typeof useQuery<CustomerPage>> };

function AllPeople({ page, search, onSearch }: AllProps) {
  const { t } = useTranslation("customers");
  const columns = useCustomerColumns();
  const isFiltered = Boolean(search.stage ?? search.store_id ?? search.tag ?? search.city ?? search.due ?? search.quality ?? search.source);
  return (
    <Loaded query={page} skeleton={<SkeletonRows rows={10} />}>
      {(answer) =>
        answer.items.length === 0 ? (
          <EmptyFace
            icon={<IconUsers size={28} stroke={1.5} />}
            title={isFiltered ? t("empty_filtered") : t("empty")}
            action={
              isFiltered ? (
                <Button onClick={() => onSearch(everybody)}>
                  {t("clear_filters")}
                </Button>
              ) : (
                <Group gap="sm" justify="center">
                  <ImportLink />
                  <LinkButton to="/customers/new">{t("new")}</LinkButton>
                </Group>
              )
            }
          />
        ) : (
          <>
            <DataTable label={t("title")} columns={columns} rows={answer.items} rowKey={(row) => row.id} isStale={page.isPlaceholderData} minWidth={720} />
            <Pager
              nextCursor={answer.next_cursor}
              previousCursor={answer.prev_cursor}
              total={answer.total}
              totalIsCapped={answer.total_is_capped}
              onCursor={(cursor) => onSearch({ cursor })}
            />
          </>
        )
      }
    </Loaded>
  );
}

function FoundPeople({ text }: { text: string }) {
  const { t } = useTranslation("customers");
  const [settled] = useDebouncedValue(text, 150);
  const found = useQuery(peopleSearchOptions(settled));
  const emails = useQuery(emailAnswersOptions((found.data ?? []).map((person) => person.id)));
  const columns = useFoundColumns(emails.data);
  return (
    <Loaded query={found} skeleton={<SkeletonRows rows={5} />}>
      {(people) =>
        people.length === 0 ? (
          <EmptyFace
            icon={<IconSearch size={28} stroke={1.5} />}
            title={t("nobody", { q: settled.trim() })}
            action={<LinkButton to="/customers/new">{t("new")}</LinkButton>}
          />
        ) : (
          <DataTable label={t("found")} columns={columns} rows={people} rowKey={(row) => row.id} isStale={found.isPlaceholderData} />
        )
      }
    </Loaded>
  );
}
