import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconBuildingStore, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { type Store, fieldErrors, storesQuery, useSaveStore } from "./queries";
import classes from "./settings.module.css";

const blank = { code: "", name: "", city: null };

export function StoresSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(storesQuery);
  const [edited, setEdited] = useState<Pick<Store, "code" | "name" | "city"> | null>(null);
  return (
    <>
      <Panel>
        <Loaded query={query}>
          {(stores) =>
            stores.length ? (
              stores.map((store) => (
                <PanelRow key={store.id} className={classes.item}>
                  <div>
                    <Text fw={600}>{store.name}</Text>
                    <Text size="xs" c="dimmed">
                      {[store.code, store.city, store.timezone].filter(Boolean).join(" · ")}
                    </Text>
                  </div>
                  <Button size="xs" onClick={() => setEdited(store)}>
                    {t("stores.edit")}
                  </Button>
                </PanelRow>
              ))
            ) : (
              <EmptyFace icon={<IconBuildingStore size={28} stroke={1.5} />} title={t("stores.empty")} detail={t("stores.empty_detail")} />
            )
          }
        </Loaded>
        <PanelBody pt="md">
          <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setEdited(blank)}>
            {t("stores.add")}
          </Button>
        </PanelBody>
      </Panel>
      {edited && <StoreForm start={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function StoreForm({ start, onClose }: { start: Pick<Store, "code" | "name" | "city">; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const save = useSaveStore();
  const [store, setStore] = useState({ code: start.code, name: start.name, city: start.city });
  const errors = fieldErrors(save.error);
  return (
    <Modal opened onClose={onClose} title={start.name || t("stores.add")}>
      <form
        className={classes.fields}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ ...store, city: store.city || null }, { onSuccess: () => (tell(t("saved")), onClose()) });
        }}
      >
        <TextInput
          label={t("stores.code")}
          description={t("stores.code_help")}
          value={store.code}
          onChange={(event) => setStore({ ...store, code: event.currentTarget.value })}
          disabled={start.code !== ""}
          error={errors.of("code")}
          className={classes.wide}
        />
        <TextInput label={t("stores.name")} value={store.name} onChange={(event) => setStore({ ...store, name: event.currentTarget.value })} error={errors.of("name")} />
        <TextInput label={t("stores.city")} value={store.city ?? ""} onChange={(event) => setStore({ ...store, city: event.currentTarget.value })} error={errors.of("city")} />
        {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
        <Group className={classes.wide} justify="flex-end">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={!store.code.trim() || !store.name.trim()}>
            {t("save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
