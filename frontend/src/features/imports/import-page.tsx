/** `/customers/imports/$id?step=`: one file, from what it is to what became of it. Every choice is saved as it is made. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { DiscardMenu } from "@/ui/discard-menu";
import { Loaded } from "@/ui/faces";
import { PageHeader } from "@/ui/page-header";
import { Steps } from "@/ui/steps";
import { tell, tellProblem } from "@/ui/toast";
import { ApplyStep } from "./apply-step";
import { ColumnsStep } from "./columns-step";
import { FileStep } from "./file-step";
import { StateOfImport } from "./import-state";
import { importQuery, useDiscardImport, useSaveImport, type Import, type ImportChange, type RowFilter } from "./queries";
import { RehearsalStep } from "./rehearsal-step";
import { isDone, isEditable, lockOf, openingStep, steps, type Step } from "./steps";
import { useWords } from "./words";

type Props = {
  id: string;
  step?: Step;
  filter: RowFilter;
  onFilter: (filter: RowFilter) => void;
  onStep: (step: Step) => void;
  onDiscarded: () => void;
};

export function ImportPage(props: Props) {
  const query = useQuery(importQuery(props.id));
  return <Loaded query={query}>{({ body }) => <Opened {...props} subject={body} />}</Loaded>;
}

function Opened({ subject, step, filter, onFilter, onStep, onDiscarded }: Props & { subject: Import }) {
  const { t } = useTranslation("imports");
  const save = useSaveImport(subject.id);
  const mayWrite = useMay("imports:write");
  const wanted = step ?? openingStep(subject);
  const current = lockOf(wanted, subject) ? openingStep(subject) : wanted;
  const change = (what: ImportChange) =>
    save.mutate(what, { onError: (error) => (asProblem(error).status === 412 ? tell(t("stale")) : tellProblem(error)) });
  const editing = { subject, isEditable: isEditable(subject) && mayWrite, onChange: change, isSaving: save.isSaving, error: save.error };
  const bodies: Record<Step, ReactNode> = {
    file: <FileStep {...editing} />,
    columns: <ColumnsStep {...editing} onRehearsed={() => onStep("rehearsal")} />,
    rehearsal: <RehearsalStep subject={subject} filter={filter} onFilter={onFilter} />,
    apply: <ApplyStep subject={subject} filter={filter} onFilter={onFilter} />,
  };
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        eyebrow={<Link to="/customers/imports">{t("document")}</Link>}
        title={subject.file_name}
        beside={<StateOfImport state={subject.state} failure={subject.failure} />}
        subtitle={<Facts subject={subject} />}
        actions={
          editing.isEditable && (
            <>
              <Text size="xs" c="dimmed" role="status">
                {save.isSaving ? t("step.saving") : save.isSuccess && t("step.saved")}
              </Text>
              <DraftMenu subject={subject} onDiscarded={onDiscarded} />
            </>
          )
        }
      />
      <Steps
        label={t("step.label")}
        current={current}
        steps={steps.map((each) => {
          const lock = lockOf(each, subject);
          return {
            key: each,
            word: t(`step.${each}`),
            isDone: isDone(each, subject),
            lock: lock && t(lock),
            link: linkOptions({ to: "/customers/imports/$id", params: { id: subject.id }, search: { step: each } }),
          };
        })}
      />
      {bodies[current]}
    </>
  );
}

function Facts({ subject }: { subject: Import }) {
  const { t } = useTranslation("imports");
  const { number } = useFormats();
  const words = useWords();
  const { row_total: rows, format } = subject;
  const facts = [
    t(`kind.${subject.kind}`),
    rows !== null && `${number(rows)} ${t("list.rows").toLocaleLowerCase()}`,
    words.bytes(subject.file_bytes),
    format.encoding ? t(`file.encodings.${format.encoding}`, { defaultValue: format.encoding }) : t(`file.type.${format.kind}`),
    format.delimiter && (format.delimiter === "\t" ? t("file.delimiters.tab") : `«${format.delimiter}»`),
  ];
  return <>{facts.filter(Boolean).join(" · ")}</>;
}

function DraftMenu({ subject, onDiscarded }: { subject: Import; onDiscarded: () => void }) {
  const { t } = useTranslation("imports");
  const discard = useDiscardImport(subject.id);
  return (
    <DiscardMenu
      label={t("more")}
      verb={t("discard.act")}
      title={t("discard.title", { name: subject.file_name })}
      detail={t("discard.detail")}
      isBusy={discard.isPending}
      onConfirm={() =>
        discard.mutate(undefined, {
          onSuccess: () => {
            tell(t("discard.done"));
            onDiscarded();
          },
          onError: tellProblem,
        })
      }
    />
  );
}
