/** `/templates/$id`: what it is, what it says in each language, what is wrong with it, and how one person would read it. */
import { Button, Group, Modal, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Fact, PageHeader } from "@/ui/page-header";
import { tell, tellProblem } from "@/ui/toast";
import { ProblemsPanel } from "./problems-panel";
import { type Draft, type Template, previewQuery, useSaveTemplate } from "./queries";
import { TemplateFields } from "./template-fields";
import { TemplatePreview } from "./template-preview";
import { TemplateTexts } from "./template-texts";
import classes from "./templates.module.css";

type Props = {
  saved: { template: Template; tag: string } | null;
  start: Draft;
  onSaved: (template: Template) => void;
  onReload: () => void;
};

export function TemplateEditor({ saved, start, onSaved, onReload }: Props) {
  const { t } = useTranslation(["templates", "common"]);
  const { name, channel, template_class, purpose, similarity_group, is_measured, texts } = start;
  const [draft, setDraft] = useState<Draft>({ name, channel, template_class, purpose, similarity_group, is_measured, texts });
  const [language, setLanguage] = useState(texts[0]?.language ?? "it");
  const [person, setPerson] = useState<string>();
  const [settled] = useDebouncedValue(draft, 500);
  const preview = useQuery(previewQuery(settled, language, person));
  const save = useSaveTemplate(saved && { id: saved.template.id, tag: saved.tag });
  const isStale = save.error !== null && asProblem(save.error).status === 412;
  const fieldErrors = Object.fromEntries((save.error ? asProblem(save.error).errors : []).map(({ path, message }) => [path, message]));
  const problems = preview.data?.problems ?? saved?.template.problems ?? [];
  const errors = problems.filter((problem) => problem.severity === "error").length;

  function keep() {
    save.mutate(
      { draft },
      {
        onSuccess: (template) => {
          tell(t(saved ? "editor.saved" : "editor.created"));
          onSaved(template);
        },
        onError: (error) => asProblem(error).status !== 412 && tellProblem(error),
      },
    );
  }

  return (
    <>
      <PageHeader
        documentTitle={t("common:places.templates")}
        eyebrow={<Link to="/templates">{t("common:places.templates")}</Link>}
        title={draft.name || t("editor.new_title")}
        beside={saved && <Fact>{t("editor.version", { version: saved.template.version })}</Fact>}
        actions={
          <>
            {errors > 0 && (
              <Text size="sm" c="var(--denied)" id="blocked">
                {t("editor.blocked", { count: errors })}
              </Text>
            )}
            <Button variant="filled" onClick={keep} loading={save.isPending} disabled={errors > 0 || !draft.name.trim()} aria-describedby="blocked">
              {t("editor.save")}
            </Button>
          </>
        }
      />
      <div className={classes.pair}>
        <div className={classes.stack}>
          <TemplateFields draft={draft} isNew={saved === null} errors={fieldErrors} onChange={setDraft} />
          <TemplateTexts draft={draft} language={language} parts={preview.data?.parts ?? null} onLanguage={setLanguage} onChange={setDraft} />
        </div>
        <div className={`${classes.stack} ${classes.preview}`}>
          <ProblemsPanel problems={problems} onPick={(problem) => setLanguage(problem.language)} />
          <TemplatePreview query={preview} onPerson={setPerson} />
        </div>
      </div>
      <Modal opened={isStale} onClose={save.reset} title={t("editor.stale_title")}>
        <Text size="sm">{t("editor.stale_detail")}</Text>
        <Group justify="flex-end" mt="md">
          <Button
            onClick={() => {
              save.reset();
              onReload();
            }}
          >
            {t("editor.stale_take")}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
