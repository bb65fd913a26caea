import { Button, Checkbox, CopyButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Fact } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ScopeChoices, useScopeWords } from "./scope-choices";
import { type Token, fieldErrors, tokensQuery, useCreateToken, useRevokeToken } from "./queries";
import classes from "./settings.module.css";

export function TokensSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(tokensQuery);
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <Text c="dimmed" mb="md">
        {t("tokens.help")}
      </Text>
      <Panel>
        <Loaded query={query}>
          {(tokens) =>
            tokens.length ? (
              tokens.map((token) => <TokenRow key={token.id} token={token} />)
            ) : (
              <EmptyFace icon={<IconKey size={28} stroke={1.5} />} title={t("tokens.empty")} detail={t("tokens.empty_detail")} />
            )
          }
        </Loaded>
        <PanelBody pt="md">
          <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {t("tokens.new")}
          </Button>
        </PanelBody>
      </Panel>
      {isCreating && (
        <NewToken
          onClose={() => setCreating(false)}
          onCreated={(token) => {
            setCreating(false);
            setSecret(token);
          }}
        />
      )}
      <SecretOnce secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}

function TokenRow({ token }: { token: Token }) {
  const { t } = useTranslation("settings");
  const { relativeDay, day } = useFormats();
  const words = useScopeWords();
  const revoke = useRevokeToken();
  const [isRevoking, setRevoking] = useState(false);
  const facts = [
    `${token.prefix}…`,
    `${t("tokens.last_used")} ${token.last_used_at ? relativeDay(token.last_used_at) : t("tokens.never_used")}`,
    token.expires_at ? `${t("tokens.expires")} ${day(token.expires_at)}` : t("tokens.no_expiry"),
  ];
  return (
    <PanelRow className={classes.item}>
      <div>
        <Text fw={600} td={token.revoked_at ? "line-through" : undefined}>
          {token.name}
        </Text>
        <Text size="xs" c="dimmed">
          {facts.join(" · ")}
        </Text>
        <Group gap={5} mt={4}>
          {token.scopes.map((scope) => (
            <Fact key={scope}>{words(scope)}</Fact>
          ))}
        </Group>
      </div>
      {token.revoked_at ? (
        <Fact>{t("tokens.revoked")}</Fact>
      ) : (
        <Button size="xs" onClick={() => setRevoking(true)}>
          {t("tokens.revoke")}
        </Button>
      )}
      <ConfirmModal
        isOpen={isRevoking}
        onClose={() => setRevoking(false)}
        title={t("tokens.revoke_title", { name: token.name })}
        verb={t("tokens.revoke")}
        isHarmful
        isBusy={revoke.isPending}
        onConfirm={() =>
          revoke.mutate(token.id, { onSuccess: () => (setRevoking(false), tell(t("tokens.revoked"))), onError: tellProblem })
        }
      >
        <Text size="sm">{t("tokens.revoke_detail")}</Text>
      </ConfirmModal>
    </PanelRow>
  );
}

function NewToken({ onClose, onCreated }: { onClose: () => void; onCreated: (token: string) => void }) {
  const { t } = useTranslation("settings");
  const create = useCreateToken();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [expiresOn, setExpiresOn] = useState<string | null>(null);
  const errors = fieldErrors(create.error);
  return (
    <Modal opened onClose={onClose} title={t("tokens.new")} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name: name.trim(), scopes, expires_on: expiresOn ?? undefined }, { onSuccess: ({ token }) => onCreated(token) });
        }}
      >
        <Stack>
          <TextInput
            label={t("tokens.name")}
            placeholder={t("tokens.name_placeholder")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors.of("name")}
            maxLength={100}
            data-autofocus
          />
          <Checkbox.Group label={t("tokens.scopes")} value={scopes} onChange={setScopes} error={errors.of("scopes")}>
            <ScopeChoices />
          </Checkbox.Group>
          <DateInput
            label={t("tokens.expires_on")}
            placeholder={t("tokens.expires_never")}
            value={expiresOn}
            onChange={setExpiresOn}
            minDate={new Date()}
            valueFormat="D MMMM YYYY"
            clearable
            error={errors.of("expires_on")}
          />
          {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
          <Group justify="flex-end">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="submit" variant="filled" loading={create.isPending} disabled={!name.trim() || scopes.length === 0}>
              {t("tokens.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The only moment the key can be read: closing it by accident is made hard, keeping it is made easy. */
function SecretOnce({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  const { t } = useTranslation("settings");
  return (
    <Modal opened={secret !== null} onClose={onClose} title={t("tokens.secret_title")} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false}>
      <Stack>
        <Text size="sm">{t("tokens.secret_help")}</Text>
        <div className={classes.secret} data-secret>
          {secret}
        </div>
        <Group justify="flex-end">
          <CopyButton value={secret ?? ""}>
            {({ copied, copy }) => (
              <Button variant="filled" onClick={copy}>
                {t(copied ? "tokens.copied" : "tokens.copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{t("tokens.secret_done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
