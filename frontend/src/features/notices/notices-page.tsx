/** `/privacy/notices`: what people were told, purpose by purpose, and the forms that ask them (C-05, C-20). */
import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconFileText, IconForms, IconPencil, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { NewFormModal } from "./new-form";
import { NewNoticeForm } from "./notice-forms";
import classes from "./notices.module.css";
import { formsQuery, noticesQuery, purposes, type ConsentForm, type Notice } from "./queries";
import { languagesOf } from "./versions";

type Props = { onNotice: (id: string) => void; onForm: (id: string) => void };

export function NoticesPage({ onNotice, onForm }: Props) {
  const { t } = useTranslation("notices");
  const mayPublish = useMay("consents:publish");
  const query = useQuery(noticesQuery);
  const [isAdding, setAdding] = useState<"notice" | "form" | null>(null);
  const forms = useQuery(formsQuery);
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        title={t("title")}
        subtitle={t("subtitle")}
        actions={
          mayPublish && (
            <Button variant="filled" leftSection={<IconPlus size={16} />} onClick={() => setAdding("notice")}>
              {t("new")}
            </Button>
          )
        }
      />
      <div className={classes.stack}>
        <Panel title={t("notices")} count={query.data?.length}>
          <Loaded query={query}>
            {(notices) =>
              notices.length ? (
                byPurpose(notices).map((notice) => <NoticeRow key={notice.id} notice={notice} />)
              ) : (
                <EmptyFace icon={<IconFileText size={28} stroke={1.5} />} title={t("empty")} detail={t("empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
        <Panel
          title={t("forms")}
          note={t("forms_note")}
          count={forms.data?.length}
          more={
            mayPublish && (
              <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding("form")}>
                {t("new_form")}
              </Button>
            )
          }
        >
          <Loaded query={forms}>
            {(found) =>
              found.length ? (
                found.map((form) => <FormRow key={form.id} form={form} />)
              ) : (
                <EmptyFace icon={<IconForms size={28} stroke={1.5} />} title={t("forms_empty")} detail={t("forms_empty_detail")} />
              )
            }
          </Loaded>
        </Panel>
      </div>
      {isAdding === "notice" && <NewNoticeForm onClose={() => setAdding(null)} onCreated={({ id }) => onNotice(id)} />}
      {isAdding === "form" && <NewFormModal onClose={() => setAdding(null)} onCreated={({ id }) => onForm(id)} />}
    </>
  );
}

const byPurpose = (notices: Notice[]) => {
  const rank = (notice: Notice) => (purposes.indexOf(notice.purpose) + purposes.length + 1) % (purposes.length + 1);
  return notices.toSorted((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
};

function NoticeRow({ notice }: { notice: Notice }) {
  const { t } = useTranslation("notices");
  const { t: tc } = useTranslation();
  const { day, list } = useFormats();
  const current = notice.current_version;
  return (
    <PanelRow className={classes.row}>
      <div>
        <Link to="/privacy/notices/$id" params={{ id: notice.id }} className={classes.name}>
          {notice.name}
        </Link>
        <div className={classes.facts}>
          <Fact>{tc(`purpose.${notice.purpose}`)}</Fact>
          {notice.recipient_name && <Fact>{notice.recipient_name}</Fact>}
          <Fact>{list(languagesOf(notice).map((language) => t(`language.${language}`, { defaultValue: language })))}</Fact>
        </div>
      </div>
      {current ? (
        <Text size="sm" c="dimmed">
          {t("version_title", { version: current.version })}, {t("since", { date: day(current.effective_from) })}
        </Text>
      ) : (
        <ToneBadge tone="wait" icon={IconAlertTriangle} word={t("not_in_force")} />
      )}
    </PanelRow>
  );
}

function FormRow({ form }: { form: ConsentForm }) {
  const { t } = useTranslation("notices");
  const shown = form.draft ?? form.published;
  return (
    <PanelRow className={classes.row}>
      <div>
        <Link to="/privacy/forms/$id" params={{ id: form.id }} className={classes.name}>
          {shown?.name ?? form.code}
        </Link>
        <div className={classes.facts}>
          {shown && <Fact>{t(`medium.${shown.medium}`)}</Fact>}
          {shown && <Fact>{t("boxes_count", { count: shown.boxes.length })}</Fact>}
        </div>
      </div>
      <div className={classes.acts}>
        {form.published && <ToneBadge tone="good" icon={IconCircleCheck} word={t("in_use", { version: form.published.version })} />}
        {form.draft &&
          (form.draft.faults.length > 0 ? (
            <ToneBadge tone="bad" icon={IconAlertTriangle} word={t("faults_count", { count: form.draft.faults.length })} />
          ) : (
            <ToneBadge tone="wait" icon={IconPencil} word={t("draft")} />
          ))}
      </div>
    </PanelRow>
  );
}
