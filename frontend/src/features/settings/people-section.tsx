import { Button, Group, Modal, PasswordInput, Select, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { type Language } from "@/lib/i18n";
import { ConfirmAt } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { Fact } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { PersonMark } from "@/ui/person";
import { tell, tellProblem } from "@/ui/toast";
import { type NewUser, type User, type UserChange, fieldErrors, useAddUser, useChangeUser, usersQuery } from "./queries";
import classes from "./settings.module.css";

const roles: NewUser["role"][] = ["owner", "marketer", "cashier", "analyst", "privacy_officer"];

export function PeopleSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(usersQuery);
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <Panel>
        <Loaded query={query}>{(users) => users.map((user) => <PersonRow key={user.id} user={user} />)}</Loaded>
        <PanelBody pt="md">
          <Button variant="filled" leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
            {t("people.invite")}
          </Button>
        </PanelBody>
      </Panel>
      {isAdding && <AddPerson onClose={() => setAdding(false)} />}
    </>
  );
}

function useRoleChoices() {
  const { t } = useTranslation("settings");
  return roles.map((role) => ({ value: role, label: t(`role.${role}`) }));
}

function PersonRow({ user }: { user: User }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const change = useChangeUser();
  const choices = useRoleChoices();
  const isMe = user.id === me.id;
  const perform = (what: UserChange) =>
    change.mutate({ id: user.id, ...what }, { onSuccess: () => tell(t("saved")), onError: tellProblem });
  return (
    <PanelRow className={classes.item}>
      <Group gap="sm" wrap="nowrap">
        <PersonMark name={user.name} size={32} />
        <div style={{ minWidth: 0 }}>
          <Text fw={600}>
            {user.name} {isMe && <Fact>{t("people.you")}</Fact>} {!user.is_active && <Fact>{t("people.inactive")}</Fact>}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {user.email} · {t(`role_help.${user.role}`)}
          </Text>
        </div>
      </Group>
      <Select
        w={190}
        aria-label={t("people.role_of", { name: user.name })}
        data={choices}
        value={user.role}
        onChange={(role) => role && perform({ role: role as NewUser["role"] })}
        allowDeselect={false}
        disabled={isMe || change.isPending}
      />
      {!isMe &&
        (user.is_active ? (
          <ConfirmAt question={user.name} verb={t("people.deactivate")} onConfirm={() => perform({ is_active: false })}>
            {(open) => (
              <Button size="xs" onClick={open}>
                {t("people.deactivate")}
              </Button>
            )}
          </ConfirmAt>
        ) : (
          <Button size="xs" onClick={() => perform({ is_active: true })}>
            {t("people.activate")}
          </Button>
        ))}
    </PanelRow>
  );
}

function AddPerson({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation("settings");
  const add = useAddUser();
  const choices = useRoleChoices();
  const [person, setPerson] = useState<NewUser>({ name: "", email: "", role: "marketer", password: "", language: i18n.language as Language });
  const errors = fieldErrors(add.error);
  const set = (part: Partial<NewUser>) => setPerson({ ...person, ...part });
  return (
    <Modal opened onClose={onClose} title={t("people.invite")}>
      <form
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(person, { onSuccess: () => (tell(t("people.added")), onClose()) });
        }}
      >
        <TextInput label={t("people.name")} value={person.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errors.of("name")} data-autofocus />
        <TextInput label={t("people.email")} type="email" autoComplete="off" value={person.email} onChange={(event) => set({ email: event.currentTarget.value })} error={errors.of("email")} />
        <Select
          className={classes.wide}
          label={t("people.role")}
          description={t(`role_help.${person.role}`)}
          data={choices}
          value={person.role}
          onChange={(role) => role && set({ role: role as NewUser["role"] })}
          allowDeselect={false}
        />
        <PasswordInput
          className={classes.wide}
          label={t("people.password")}
          description={t("people.password_help")}
          autoComplete="new-password"
          value={person.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          error={errors.of("password")}
        />
        {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
        <Group className={classes.wide} justify="flex-end">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" variant="filled" loading={add.isPending} disabled={!person.name || !person.email || !person.password}>
            {t("people.invite")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
