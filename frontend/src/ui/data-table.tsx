/** Rows on keyset pages: no page numbers, numbers to the right, a row is a link so that a middle click works. */
import { Button, Group, Table, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import classes from "./data-table.module.css";

export type Column<Row> = {
  key: string;
  header: ReactNode;
  align?: "left" | "right" | "center";
  width?: number | string;
  /** Left out under 62 em, where the table would not fit. */
  isSecondary?: boolean;
  render: (row: Row) => ReactNode;
};

type Props<Row> = {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Dimmed while a newer page is on its way. */
  isStale?: boolean;
  minWidth?: number;
};

/** Give it to the link in a row's first cell: the whole row follows it. */
export const rowLink = classes.rowLink as string;

/** Keeps a control in a row above the row's own link. */
export const aboveRowLink = classes.above as string;

export function DataTable<Row>({ label, columns, rows, rowKey, isStale, minWidth = 560 }: Props<Row>) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native">
      <Table className={classes.table} aria-label={label} data-stale={isStale || undefined} verticalSpacing={0}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.key} ta={column.align} w={column.width} data-secondary={column.isSecondary || undefined}>
                {column.header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map((column) => (
                <Table.Td key={column.key} ta={column.align} data-secondary={column.isSecondary || undefined}>
                  {column.render(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

type PagerProps = {
  nextCursor: string | null | undefined;
  previousCursor?: string | null | undefined;
  onCursor: (cursor: string | undefined) => void;
  total?: number | null;
  totalIsCapped?: boolean;
};

export function Pager({ nextCursor, previousCursor, onCursor, total, totalIsCapped }: PagerProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (!nextCursor && !previousCursor && total == null) return null;
  return (
    <Group component="nav" justify="space-between" px="lg" py="sm" aria-label={t("table.pages")} className="no-print">
      <Text size="sm" c="dimmed">
        {total != null && t(totalIsCapped ? "table.total_capped" : "table.total", { total: formats.number(total) })}
      </Text>
      {(nextCursor || previousCursor) && (
        <Group gap="sm">
          <Button
            size="xs"
            leftSection={<IconChevronLeft size={14} />}
            disabled={!previousCursor}
            onClick={() => onCursor(previousCursor ?? undefined)}
          >
            {t("act.previous")}
          </Button>
          <Button
            size="xs"
            rightSection={<IconChevronRight size={14} />}
            disabled={!nextCursor}
            onClick={() => onCursor(nextCursor ?? undefined)}
          >
            {t("act.next")}
          </Button>
        </Group>
      )}
    </Group>
  );
}
