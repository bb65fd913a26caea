import { Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconFileText, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Fact } from "@/ui/page-header";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell } from "@/ui/toast";
import { type NewNotice, type Notice, fieldErrors, noticesQuery, useCreateNotice, usePublishVersion } from "./queries";
import classes from "./settings.module.css";

const purposes = ["MKT_OWN", "PROFILING", "MARKET_RESEARCH", "THIRD_PARTY", "LOYALTY", "SERVICE"];

export function NoticesSection() {
  const { t } = useTranslation("settings");
  const query = useQuery(noticesQuery);
  const [edited, setEdited] = useState<Notice | "new" | null>(null);
  return (
    <>
      <Text c="dimmed" mb="md">
        {t("notices.help")}
      </Text>
      <Panel>
        <Loaded query={query}>
          {(notices) =>
            notices.length ? (
              notices.map((notice) => <NoticeRow key={notice.id} notice={notice} onEdit={() => setEdited(notice)} />)
            ) : (
              <EmptyFace icon={<IconFileText size={28} stroke={1.5} />} title={t("notices.empty")} detail={t("notices.empty_detail")} />
            )
          }
        </Loaded>
        <PanelBody pt="md">
          <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
            {t("notices.new")}
          </Button>
        </PanelBody>
      </Panel>
      {edited === "new" && <NewNoticeForm onClose={() => setEdited(null)} />}
      {edited && edited !== "new" && <NewVersionForm notice={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

/** The version in force, in the reader's language where it was written in it. */
function inLanguage(notice: Notice, language: string) {
  const current = notice.current_version;
  return notice.versions.find((each) => each.version === current?.version && each.language === language) ?? current;
}

function NoticeRow({ notice, onEdit }: { notice: Notice; onEdit: () => void }) {
  const { t, i18n } = useTranslation(["settings", "common"]);
  const { day } = useFormats();
  const current = inLanguage(notice, i18n.language);
  return (
    <PanelRow>
      <div className={classes.item}>
        <div>
          <Text fw={600}>{notice.name}</Text>
          <Group gap={6} mt={3}>
            <Fact>{t(`common:purpose.${notice.purpose}`)}</Fact>
            {current && (
              <>
                <Fact>{t("notices.version", { version: current.version })}</Fact>
                <Fact>{t("notices.since", { date: day(current.effective_from) })}</Fact>
                <Fact>{t(current.offers_opt_out ? "notices.opt_out_yes" : "notices.opt_out_no")}</Fact>
              </>
            )}
          </Group>
        </div>
        <Button size="xs" onClick={onEdit}>
          {t("notices.new_version")}
        </Button>
      </div>
      {current && (
        <blockquote className={classes.notice} lang={current.language}>
          {current.text}
          <Text size="xs" c="dimmed" mt={6} title={current.text_sha256}>
            {t("notices.fingerprint", { hash: current.text_sha256.slice(0, 12) })}
          </Text>
        </blockquote>
      )}
    </PanelRow>
  );
}

type TextPart = Pick<NewNotice, "language" | "text" | "offers_opt_out">;

function TextFields({ value, onChange, error }: { value: TextPart; onChange: (part: Partial<TextPart>) => void; error?: string }) {
  const { t } = useTranslation("settings");
  return (
    <>
      <Select
        label={t("notices.language")}
        data={[
          { value: "it", label: "Italiano" },
          { value: "en", label: "English" },
        ]}
        value={value.language}
        onChange={(language) => language && onChange({ language })}
        allowDeselect={false}
      />
      <Textarea label={t("notices.text")} value={value.text} onChange={(event) => onChange({ text: event.currentTarget.value })} autosize minRows={6} maxRows={14} error={error} lang={value.language} />
      <Checkbox
        label={t("notices.offers_opt_out")}
        description={t("notices.offers_opt_out_help")}
        checked={value.offers_opt_out}
        onChange={(event) => onChange({ offers_opt_out: event.currentTarget.checked })}
      />
    </>
  );
}

function NewNoticeForm({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation(["settings", "common"]);
  const create = useCreateNotice();
  const [notice, setNotice] = useState<NewNotice>({ code: "", name: "", purpose: "MKT_OWN", language: i18n.language, text: "", offers_opt_out: false });
  const errors = fieldErrors(create.error);
  const set = (part: Partial<NewNotice>) => setNotice({ ...notice, ...part });
  return (
    <Modal opened onClose={onClose} title={t("notices.new")} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(notice, { onSuccess: () => (tell(t("notices.created")), onClose()) });
        }}
      >
        <Stack>
          <div className={classes.fields}>
            <TextInput label={t("notices.name")} value={notice.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errors.of("name")} />
            <TextInput label={t("notices.code")} value={notice.code} onChange={(event) => set({ code: event.currentTarget.value.toLowerCase() })} error={errors.of("code")} placeholder="offerte-2026" />
          </div>
          <Select
            label={t("notices.purpose")}
            data={purposes.map((purpose) => ({ value: purpose, label: t(`common:purpose.${purpose}`) }))}
            value={notice.purpose}
            onChange={(purpose) => purpose && set({ purpose: purpose as NewNotice["purpose"] })}
            allowDeselect={false}
          />
          <TextFields value={notice} onChange={set} error={errors.of("text")} />
          {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
          <Group justify="flex-end">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="submit" variant="filled" loading={create.isPending} disabled={!notice.code || !notice.name || !notice.text}>
              {t("notices.publish")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function NewVersionForm({ notice, onClose }: { notice: Notice; onClose: () => void }) {
  const { t, i18n } = useTranslation("settings");
  const publish = usePublishVersion(notice.id);
  const current = inLanguage(notice, i18n.language);
  const [version, setVersion] = useState<TextPart>({
    language: current?.language ?? "it",
    text: current?.text ?? "",
    offers_opt_out: current?.offers_opt_out ?? false,
  });
  const errors = fieldErrors(publish.error);
  const isSame = version.text.trim() === current?.text.trim() && version.offers_opt_out === current.offers_opt_out;
  return (
    <Modal opened onClose={onClose} title={`${notice.name}: ${t("notices.new_version")}`} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          publish.mutate(version, { onSuccess: () => (tell(t("notices.published")), onClose()) });
        }}
      >
        <Stack>
          <TextFields value={version} onChange={(part) => setVersion({ ...version, ...part })} error={errors.of("text")} />
          {errors.whole && <div className={classes.whole}>{errors.whole}</div>}
          <Group justify="flex-end">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="submit" variant="filled" loading={publish.isPending} disabled={isSame || !version.text.trim()}>
              {t("notices.publish")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
