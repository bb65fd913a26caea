import { NativeSelect, Table, Text } from "@mantine/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { dateFormats, doubtOf } from "./dates";
import classes from "./imports.module.css";
import { mapTo } from "./mapping";
import type { Column, Field, Policy, PreviewedColumn } from "./queries";
import { useWords } from "./words";

type Props = {
  mapped: Column;
  found: PreviewedColumn | undefined;
  fields: Field[];
  /** The code of what is wrong with it. */
  fault: string | undefined;
  isEditable: boolean;
  onChange: (column: Column) => void;
};

/** One of up to a thousand rows: drawn again only when it is itself that changed, with the browser's own selects. */
export const ColumnRow = memo(function ColumnRow({ mapped, found, fields, fault, isEditable, onChange }: Props) {
  const { t } = useTranslation("imports");
  const words = useWords();
  const field = fields.find((each) => each.name === mapped.field);
  return (
    <Table.Tr data-left-out={!field || undefined} data-column={mapped.name}>
      <Table.Th scope="row">
        {mapped.name}
        {found?.proposed_because && mapped.field === found.proposed_field && (
          <Text size="xs" c="dimmed" fw={400}>
            {t(`columns.found_by_${found.proposed_because}`)}
          </Text>
        )}
      </Table.Th>
      <Table.Td className={classes.samples}>
        {found?.samples.length ? found.samples.slice(0, 3).join(" · ") : <Text span c="dimmed" size="sm">{t("columns.empty_column")}</Text>}
      </Table.Td>
      {isEditable ? (
        <Choices mapped={mapped} found={found} fields={fields} fault={fault} field={field} onChange={onChange} />
      ) : (
        <>
          <Table.Td>{field ? words.field(field.name) : t("columns.left_out")}</Table.Td>
          <Table.Td>{[mapped.policy && t(`policy.${mapped.policy}`), mapped.date_format && words.dateFormat(mapped.date_format)].filter(Boolean).join(" · ")}</Table.Td>
        </>
      )}
    </Table.Tr>
  );
});

type ChoicesProps = Omit<Props, "isEditable"> & { field: Field | undefined };

function Choices({ mapped, found, fields, fault, field, onChange }: ChoicesProps) {
  const { t } = useTranslation("imports");
  const words = useWords();
  const groups = [...new Set(fields.map((each) => each.group))];
  const isFieldFault = fault === "field-twice" || fault === "unknown-field";
  return (
    <>
      <Table.Td>
        <NativeSelect
          size="xs"
          aria-label={t("columns.becomes_of", { name: mapped.name })}
          value={mapped.field ?? ""}
          onChange={(event) => onChange(mapTo(mapped, fields.find((each) => each.name === event.currentTarget.value), found))}
          error={isFieldFault && t(`fault.${fault}`)}
          data={[
            { value: "", label: t("columns.left_out") },
            ...groups.map((group) => ({
              group: t(`group.${group}`),
              items: fields.filter((each) => each.group === group).map((each) => ({ value: each.name, label: words.field(each.name) })),
            })),
          ]}
        />
      </Table.Td>
      <Table.Td>
        {field && field.policies.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label={t("columns.rule_of", { name: mapped.name })}
            value={mapped.policy ?? ""}
            onChange={(event) => onChange({ ...mapped, policy: event.currentTarget.value as Policy })}
            error={fault === "policy-not-possible" && t(`fault.${fault}`)}
            data={field.policies.map((policy) => ({ value: policy, label: t(`policy.${policy}`) }))}
          />
        )}
        {field?.type === "date" && <DateFormat mapped={mapped} found={found} isFault={fault === "date-format-missing"} onChange={onChange} />}
      </Table.Td>
    </>
  );
}

function DateFormat({ mapped, found, isFault, onChange }: Pick<Props, "mapped" | "found" | "onChange"> & { isFault: boolean }) {
  const { t } = useTranslation("imports");
  const formats = useFormats();
  const words = useWords();
  const fitting = found?.date_formats ?? [];
  const doubt = doubtOf(found?.samples ?? [], fitting, formats);
  const help = doubt
    ? t("columns.doubt", { sample: doubt.sample, readings: doubt.readings.join(` ${t("columns.or")} `) })
    : fitting.length === 0 && found?.samples.length
      ? t("columns.date_none_fits")
      : null;
  const option = (format: string) => ({ value: format, label: words.dateFormat(format) });
  const rest = dateFormats.filter((format) => !fitting.includes(format));
  return (
    <NativeSelect
      size="xs"
      mt={4}
      aria-label={t("columns.date_of", { name: mapped.name })}
      value={mapped.date_format ?? ""}
      onChange={(event) => onChange({ ...mapped, date_format: event.currentTarget.value || null })}
      description={mapped.date_format ? null : help}
      error={isFault && t("fault.date-format-missing")}
      data={[
        { value: "", label: t("columns.date_choose") },
        ...(fitting.length > 0 ? [{ group: t("columns.date_fitting"), items: fitting.map(option) }, { group: t("columns.date_other"), items: rest.map(option) }] : rest.map(option)),
      ]}
    />
  );
}
