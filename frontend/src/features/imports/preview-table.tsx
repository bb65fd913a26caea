/** The first rows under the format chosen now: a wrong delimiter or encoding shows at once. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./imports.module.css";
import type { Preview } from "./queries";

export function PreviewTable({ preview, isStale }: { preview: Preview; isStale: boolean }) {
  const { t } = useTranslation("imports");
  return (
    <div className={classes.preview} tabIndex={0} role="region" aria-label={t("file.preview")} data-stale={isStale || undefined}>
      <Table verticalSpacing={5} horizontalSpacing={12} fz="sm">
        <Table.Thead>
          <Table.Tr>
            {preview.columns.map((column) => (
              <Table.Th key={column.index}>{column.name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.map((row, place) => (
            <Table.Tr key={place}>
              {row.map((cell, index) => (
                <Table.Td key={index}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
