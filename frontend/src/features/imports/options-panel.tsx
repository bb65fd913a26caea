/** What holds for every row, asked only where the file gives it a meaning. */
import { Checkbox, NativeSelect, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { Panel, PanelBody } from "@/ui/panel";
import type { Editing } from "./file-step";
import classes from "./imports.module.css";
import type { Options, Preview } from "./queries";

const countries = ["IT", "SM", "CH", "FR", "DE", "AT", "ES", "SI", "GB", "MT", "HR", "RO", "PL", "NL", "BE", "US"];
const separators = [",", ";", "|", "/"];

export function OptionsPanel({ subject, isEditable, onChange, preview, used }: Editing & { preview: Preview; used: Set<string> }) {
  const { t } = useTranslation("imports");
  const { locale } = useFormats();
  const { business } = useMe();
  const { options } = subject;
  const set = (change: Partial<Options>) => onChange({ options: { ...options, ...change } });
  const whole = subject.columns.find((column) => column.field === "full_name");
  const sample = preview.columns.find((column) => column.index === whole?.index)?.samples[0];
  const hasPhones = used.has("phone") || used.has("phone_2");
  const hasLists = used.has("tags") || used.has("interests");
  const hasReceipts = used.has("receipt");
  // In files about customers' doings the customer's code may be another system's.
  const hasForeignCodes = used.has("customer_id") || (subject.kind === "consents" && used.has("external_id"));
  if (!whole && !hasPhones && !hasLists && !hasReceipts && !hasForeignCodes && !used.has("card")) return null;
  const nameOf = new Intl.DisplayNames(locale, { type: "region" });
  const country = options.country ?? business.country;
  return (
    <Panel title={t("options.title")}>
      <PanelBody className={classes.options}>
        {whole && (
          <div>
            <Text size="sm" fw={550} mb={4}>
              {t("options.name_order", { name: whole.name })}
            </Text>
            <SegmentedControl
              disabled={!isEditable}
              value={options.name_order ?? "family_first"}
              onChange={(order) => set({ name_order: order as Options["name_order"] })}
              data={(["family_first", "given_first"] as const).map((order) => ({ value: order, label: t(`options.${order}`) }))}
            />
            {sample && (
              <Text size="xs" c="dimmed" mt={4}>
                {t("options.name_example", { sample })}
              </Text>
            )}
          </div>
        )}
        {hasPhones && (
          <NativeSelect
            label={t("options.country")}
            disabled={!isEditable}
            value={country}
            onChange={(event) => set({ country: event.currentTarget.value })}
            data={[...new Set([country, ...countries])].map((code) => ({ value: code, label: nameOf.of(code) ?? code }))}
          />
        )}
        {hasLists && (
          <NativeSelect
            label={t("options.list_separator")}
            disabled={!isEditable}
            value={options.list_separator ?? ","}
            onChange={(event) => set({ list_separator: event.currentTarget.value })}
            data={[...new Set([...separators, options.list_separator ?? ","])]}
          />
        )}
        {hasReceipts && (
          <NativeSelect
            label={t("options.receipt_scope")}
            disabled={!isEditable}
            value={options.receipt_scope ?? "receipt"}
            onChange={(event) => set({ receipt_scope: event.currentTarget.value as Options["receipt_scope"] })}
            data={(["receipt", "store", "store_day"] as const).map((scope) => ({ value: scope, label: t(`options.receipt_scope_${scope}`) }))}
          />
        )}
        {hasForeignCodes && (
          <TextInput
            key={options.customer_source}
            label={t("options.customer_source")}
            description={t("options.customer_source_help", { source: subject.source })}
            disabled={!isEditable}
            maxLength={200}
            placeholder={subject.source}
            defaultValue={options.customer_source ?? ""}
            onBlur={(event) => {
              const source = event.currentTarget.value.trim() || null;
              if (source !== (options.customer_source ?? null)) set({ customer_source: source });
            }}
          />
        )}
        {used.has("card") && (
          <Checkbox
            label={t("options.checks_cards")}
            disabled={!isEditable}
            checked={options.checks_cards ?? true}
            onChange={(event) => set({ checks_cards: event.currentTarget.checked })}
          />
        )}
      </PanelBody>
    </Panel>
  );
}
