/** What the card says of the person, edited with `If-Match`: a stale save shows both versions instead of losing one. */
import { Button, Group, Modal, Select, SimpleGrid, Stack, Table, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { fieldWords } from "@/lib/problem-words";
import { useFormats } from "@/lib/formats";
import { Loaded, ProblemFace } from "@/ui/faces";
import { PanelBody } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { editableOptions, useChangeCustomer, type Customer, type CustomerChange } from "./queries";
import classes from "./card.module.css";

const fields = ["given_name", "family_name", "birth_on", "gender", "language", "acquisition_source", "spending_capacity"] as const;
type Field = (typeof fields)[number];
const choices: Partial<Record<Field, string[]>> = {
  gender: ["FEMALE", "MALE", "OTHER"],
  language: ["it", "en", "de", "fr", "es"],
  acquisition_source: ["ORDER", "QUESTIONNAIRE", "REGISTRATION", "CONTEST", "REQUEST", "LOYALTY", "WARRANTY", "STAFF", "REVIEW", "WEB", "BROADCAST", "FILE"],
  spending_capacity: ["LOW", "MEDIUM", "HIGH"],
};

export function DataTab({ customerId, isFrozen }: { customerId: string; isFrozen: boolean }) {
  const editable = useQuery(editableOptions(customerId));
  const [isEditing, setEditing] = useState(false);
  return (
    <Loaded query={editable}>
      {({ body, tag }) =>
        isEditing ? (
          <DataForm customer={body} tag={tag} onDone={() => setEditing(false)} />
        ) : (
          <DataList customer={body} onEdit={isFrozen ? undefined : () => setEditing(true)} />
        )
      }
    </Loaded>
  );
}

function useShown() {
  const { t } = useTranslation("card");
  const formats = useFormats();
  return (field: Field, value: string | null | undefined) => {
    if (!value) return "–";
    if (field === "birth_on") return formats.longDay(value);
    return choices[field] ? t(`choice.${field}.${value}`, { defaultValue: value }) : value;
  };
}

function DataList({ customer, onEdit }: { customer: Customer; onEdit?: () => void }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const shown = useShown();
  return (
    <PanelBody pt="md">
      <dl className={classes.data}>
        {fields.map((field) => (
          <div key={field}>
            <dt>{t(`field.${field}`)}</dt>
            <dd>{shown(field, customer[field])}</dd>
          </div>
        ))}
        {customer.identifiers
          .filter((each) => !each.valid_to)
          .map((each) => (
            <div key={each.id}>
              <dt>{t(`identifier.${each.kind}`, { source: each.source })}</dt>
              <dd>
                {each.value} <small>{t("since", { day: formats.day(each.valid_from) })}</small>
              </dd>
            </div>
          ))}
        <div>
          <dt>{t("field.updated_at")}</dt>
          <dd title={formats.full(customer.updated_at)}>{t("version", { version: customer.version, day: formats.relativeDay(customer.updated_at) })}</dd>
        </div>
      </dl>
      {onEdit && (
        <Button mt="md" onClick={onEdit}>
          {tc("act.edit")}
        </Button>
      )}
    </PanelBody>
  );
}

function DataForm({ customer, tag, onDone }: { customer: Customer; tag: string; onDone: () => void }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const editable = useQuery(editableOptions(customer.id));
  const [change, setChange] = useState<CustomerChange>({});
  const [theirs, setTheirs] = useState<{ body: Customer; tag: string } | null>(null);
  const save = useChangeCustomer(customer.id);
  const problem = save.error ? asProblem(save.error) : null;
  const errorOf = (field: Field) => problem?.errors.filter((each) => each.path === field).map(fieldWords)[0];
  const valueOf = (field: Field) => (field in change ? change[field] : customer[field]) ?? "";
  const set = (field: Field, value: string | null) => setChange({ ...change, [field]: value || null });

  function send(withTag: string) {
    save.mutate(
      { change, tag: withTag },
      {
        onSuccess: () => {
          setTheirs(null);
          tell(tc("saved"));
          onDone();
        },
        onError: (error) => {
          if (asProblem(error).status === 412) void editable.refetch().then((fresh) => fresh.data && setTheirs(fresh.data));
        },
      },
    );
  }

  return (
    <PanelBody pt="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(change).length === 0) onDone();
          else send(tag);
        }}
      >
        <Stack gap="md">
          {problem && problem.status !== 412 && problem.errors.length === 0 && <ProblemFace error={problem} />}
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            {fields.map((field) =>
              field === "birth_on" ? (
                <DateInput
                  key={field}
                  label={t(`field.${field}`)}
                  value={valueOf(field) || null}
                  onChange={(value) => set(field, value)}
                  valueFormat="DD/MM/YYYY"
                  maxDate={formats.today()}
                  clearable
                  error={errorOf(field)}
                />
              ) : choices[field] ? (
                <Select
                  key={field}
                  label={t(`field.${field}`)}
                  value={valueOf(field) || null}
                  onChange={(value) => set(field, value)}
                  data={choices[field].map((value) => ({ value, label: t(`choice.${field}.${value}`) }))}
                  clearable={field !== "language"}
                  error={errorOf(field)}
                />
              ) : (
                <TextInput
                  key={field}
                  label={t(`field.${field}`)}
                  value={valueOf(field)}
                  onChange={(event) => set(field, event.currentTarget.value)}
                  error={errorOf(field)}
                />
              ),
            )}
          </SimpleGrid>
          <Group justify="flex-end" gap="sm">
            <Button onClick={onDone}>{tc("act.cancel")}</Button>
            <Button type="submit" loading={save.isPending}>
              {tc("act.save")}
            </Button>
          </Group>
        </Stack>
      </form>
      <StaleModal theirs={theirs?.body ?? null} change={change} onClose={onDone} onKeepMine={() => theirs && send(theirs.tag)} />
    </PanelBody>
  );
}

type StaleProps = { theirs: Customer | null; change: CustomerChange; onClose: () => void; onKeepMine: () => void };

function StaleModal({ theirs, change, onClose, onKeepMine }: StaleProps) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const shown = useShown();
  return (
    <Modal opened={theirs !== null} onClose={onClose} title={tc("stale.title")} size="lg">
      {theirs && (
        <Stack gap="md">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{tc("stale.field")}</Table.Th>
                <Table.Th>{tc("stale.mine")}</Table.Th>
                <Table.Th>{tc("stale.theirs")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {(Object.keys(change) as Field[]).map((field) => (
                <Table.Tr key={field}>
                  <Table.Td>{t(`field.${field}`)}</Table.Td>
                  <Table.Td>
                    <Text fw={600}>{shown(field, change[field])}</Text>
                  </Table.Td>
                  <Table.Td>{shown(field, theirs[field])}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group justify="flex-end" gap="sm">
            <Button onClick={onClose}>{tc("act.keep_theirs")}</Button>
            <Button variant="filled" onClick={onKeepMine}>
              {tc("act.keep_mine")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
