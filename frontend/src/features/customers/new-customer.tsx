/** The first card of a person: a name and one way to reach or recognise them. Consents are asked and written apart. */
import { Alert, Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { LinkButton } from "@/ui/link-button";
import { fieldWords, problemWords } from "@/lib/problem-words";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody } from "@/ui/panel";
import { tell } from "@/ui/toast";
import classes from "./customers.module.css";
import { useCreateCustomer, type NewCustomerBody } from "./queries";

const empty = {
  given_name: "",
  family_name: "",
  email: "",
  phone: "",
  card: "",
  birth_on: "",
  language: "it",
  street: "",
  postal_code: "",
  city: "",
};
type Values = typeof empty;

function bodyOf(values: Values): NewCustomerBody {
  const said = (text: string) => text.trim() || undefined;
  return {
    given_name: said(values.given_name),
    family_name: said(values.family_name),
    email: said(values.email),
    phone: said(values.phone),
    birth_on: said(values.birth_on),
    language: values.language,
    cards: values.card.trim() ? [values.card.trim()] : undefined,
    address:
      values.street.trim() && values.city.trim()
        ? { street: values.street.trim(), postal_code: said(values.postal_code), city: values.city.trim() }
        : undefined,
    acquisition_source: "STAFF",
  };
}

/** The server's field paths, on the form's fields. */
const fieldOf: Record<string, keyof Values> = {
  "cards.0": "card",
  cards: "card",
  "address.street": "street",
  "address.city": "city",
  "address.postal_code": "postal_code",
};

export function NewCustomer({ onCreated }: { onCreated: (id: string) => void }) {
  const { t } = useTranslation("customers");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const create = useCreateCustomer();
  const form = useForm<Values>({
    mode: "uncontrolled",
    initialValues: empty,
    validateInputOnBlur: true,
    validate: {
      family_name: (value, values) => (value.trim() || values.given_name.trim() ? null : t("form.name_needed")),
      email: (value) => (!value.trim() || /^\S+@\S+\.\S+$/.test(value.trim()) ? null : t("form.email_shape")),
    },
  });

  function save(values: Values) {
    if (create.isPending) return;
    create.mutate(bodyOf(values), {
      onSuccess: (created) => {
        tell(t("form.created", { name: created.full_name }));
        onCreated(created.id);
      },
      onError: (error) => {
        for (const each of asProblem(error).errors) {
          const field = fieldOf[each.path] ?? each.path;
          if (field in empty) form.setFieldError(field, fieldWords(each));
        }
      },
    });
  }

  const problem = create.error ? asProblem(create.error) : null;
  const unplaced = problem && !problem.errors.some((each) => (fieldOf[each.path] ?? each.path) in empty);
  return (
    <div className={classes.form}>
      <PageHeader
        documentTitle={t("new")}
        eyebrow={<Link to="/customers">{t("title")}</Link>}
        title={t("form.title")}
        subtitle={t("form.subtitle")}
      />
      <Panel>
        <PanelBody pt="lg" pb="lg">
          <form onSubmit={form.onSubmit(save)} noValidate>
            <Stack gap="md">
              {unplaced && (
                <Alert color="red" variant="light" role="alert">
                  {problemWords(problem).detail ?? problemWords(problem).title}
                </Alert>
              )}
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
                <TextInput label={t("form.given_name")} autoComplete="off" data-autofocus key={form.key("given_name")} {...form.getInputProps("given_name")} />
                <TextInput label={t("form.family_name")} autoComplete="off" key={form.key("family_name")} {...form.getInputProps("family_name")} />
                <TextInput label={t("form.phone")} type="tel" autoComplete="off" key={form.key("phone")} {...form.getInputProps("phone")} />
                <TextInput label={t("email")} type="email" autoComplete="off" key={form.key("email")} {...form.getInputProps("email")} />
                <TextInput label={t("form.card")} autoComplete="off" key={form.key("card")} {...form.getInputProps("card")} />
                <DateInput
                  label={t("form.birth_on")}
                  valueFormat="DD/MM/YYYY"
                  maxDate={formats.today()}
                  clearable
                  key={form.key("birth_on")}
                  {...form.getInputProps("birth_on")}
                />
                <TextInput label={t("form.street")} autoComplete="off" key={form.key("street")} {...form.getInputProps("street")} />
                <Group gap="md" grow>
                  <TextInput label={t("form.postal_code")} autoComplete="off" key={form.key("postal_code")} {...form.getInputProps("postal_code")} />
                  <TextInput label={t("city")} autoComplete="off" key={form.key("city")} {...form.getInputProps("city")} />
                </Group>
                <Select
                  label={t("form.language")}
                  allowDeselect={false}
                  data={[
                    { value: "it", label: "Italiano" },
                    { value: "en", label: "English" },
                    { value: "de", label: "Deutsch" },
                    { value: "fr", label: "Français" },
                    { value: "es", label: "Español" },
                  ]}
                  key={form.key("language")}
                  {...form.getInputProps("language")}
                />
              </SimpleGrid>
              <Text className={classes.consequence}>{t("form.no_consent")}</Text>
              <Group justify="flex-end" gap="sm">
                <LinkButton to="/customers">{tc("act.cancel")}</LinkButton>
                <Button type="submit" variant="filled" loading={create.isPending}>
                  {t("form.save")}
                </Button>
              </Group>
            </Stack>
          </form>
        </PanelBody>
      </Panel>
    </div>
  );
}
