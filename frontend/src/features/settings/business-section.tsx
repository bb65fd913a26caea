import { Button, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { type Business, businessQuery, fieldErrors, useSaveBusiness } from "./queries";
import classes from "./settings.module.css";

const fields = ["name", "address", "email", "phone"] as const;

export function BusinessSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(businessQuery);
  return (
    <Panel>
      <PanelBody pt="lg">
        <Text c="dimmed" mb="md">
          {t("business.help")}
        </Text>
        <Loaded query={query}>{(business) => <BusinessForm business={business} />}</Loaded>
      </PanelBody>
    </Panel>
  );
}

function BusinessForm({ business }: { business: Business }) {
  const { t } = useTranslation("settings");
  const save = useSaveBusiness();
  const [change, setChange] = useState<Partial<Business>>({});
  const errors = fieldErrors(save.error);
  const set = (part: Partial<Business>) => setChange({ ...change, ...part });
  return (
    <form
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(change, { onSuccess: () => (setChange({}), tell(t("saved"))) });
      }}
    >
      {fields.map((field) => (
        <TextInput
          key={field}
          className={field === "address" || field === "name" ? classes.wide : undefined}
          label={t(`business.${field}`)}
          value={change[field] ?? business[field]}
          onChange={(event) => set({ [field]: event.currentTarget.value })}
          error={errors.of(field)}
        />
      ))}
      <Select
        label={t("business.timezone")}
        data={Intl.supportedValuesOf("timeZone")}
        value={change.timezone ?? business.timezone}
        onChange={(timezone) => timezone && set({ timezone })}
        searchable
        allowDeselect={false}
        error={errors.of("timezone")}
      />
      <Select
        label={t("business.language")}
        data={[
          { value: "it", label: "Italiano" },
          { value: "en", label: "English" },
        ]}
        value={change.language ?? business.language}
        onChange={(language) => language && set({ language })}
        allowDeselect={false}
      />
      <TextInput label={t("business.country")} value={business.country} disabled />
      <TextInput label={t("business.currency")} value={business.currency} disabled />
      {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
      <div className={classes.wide}>
        <Button type="submit" variant="filled" disabled={Object.keys(change).length === 0} loading={save.isPending}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
