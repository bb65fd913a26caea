/** `/segments/$id`: conditions on the left, the people they choose on the right, and the server's sentence above both. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconSpeakerphone } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { problemWords } from "@/lib/problem-words";
import { ConfirmModal } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { ConditionGroup } from "./condition-group";
import { PeoplePanel } from "./people-panel";
import { type Segment, fieldsQuery, previewQuery, useDeleteSegment, useSaveSegment } from "./queries";
import classes from "./segments.module.css";
import { type Tree, asGroup, isEmpty, isFinished } from "./tree";

type Props = {
  /** The saved segment with its tag, or what a preset gives to start from. */
  saved: { body: Segment; tag: string } | null;
  start: { name: string; tree: Tree };
  onSaved: (segment: Segment) => void;
  onDeleted: () => void;
  onReload: () => void;
  exporting?: ReactNode;
};

export function SegmentBuilder({ saved, start, onSaved, onDeleted, onReload, exporting }: Props) {
  const { t } = useTranslation(["segments", "common"]);
  const [tree, setTree] = useState<Tree>(asGroup(saved?.body.tree ?? start.tree));
  const [settled] = useDebouncedValue(tree, 400);
  const fields = useQuery(fieldsQuery);
  const preview = useQuery(previewQuery(settled));
  const isSettling = settled !== tree;
  const isDirty = !saved || JSON.stringify(asGroup(saved.body.tree)) !== JSON.stringify(tree);
  const sentence = isEmpty(tree) ? t("builder.everyone") : (preview.data?.sentence ?? saved?.body.sentence ?? "…");
  return (
    <>
      <PageHeader
        documentTitle={t("common:places.segments")}
        eyebrow={
          <>
            <Link to="/segments">{t("common:places.segments")}</Link> › {saved?.body.name ?? (start.name || t("builder.new_title"))}
          </>
        }
        title={<span style={{ opacity: isSettling ? 0.55 : 1 }}>{sentence}</span>}
        actions={
          <SaveActions
            saved={saved}
            name={saved?.body.name ?? start.name}
            tree={tree}
            isDirty={isDirty}
            onSaved={onSaved}
            onDeleted={onDeleted}
            onReload={onReload}
            exporting={saved && exporting}
          />
        }
      />
      <div className={classes.builder}>
        <Panel title={t("builder.conditions")} note={isDirty && saved ? t("builder.unsaved") : undefined}>
          <PanelBody>
            <Loaded query={fields}>
              {(known) => <ConditionGroup group={asGroup(tree)} path={[]} tree={tree} fields={known} onChange={setTree} />}
            </Loaded>
          </PanelBody>
        </Panel>
        <PeoplePanel preview={preview} isSettling={isSettling} savedId={saved && !isDirty ? saved.body.id : null} />
      </div>
    </>
  );
}

type SaveProps = Omit<Props, "start"> & { name: string; tree: Tree; isDirty: boolean };

function SaveActions({ saved, name, tree, isDirty, onSaved, onDeleted, onReload, exporting }: SaveProps) {
  const { t } = useTranslation("segments");
  const [isNaming, naming] = useDisclosure(false);
  const [isDeleting, deleting] = useDisclosure(false);
  const save = useSaveSegment(saved && { id: saved.body.id, tag: saved.tag });
  const remove = useDeleteSegment();
  const isStale = save.error !== null && asProblem(save.error).status === 412;

  function keep(newName: string) {
    save.mutate(
      { name: newName, tree },
      {
        onSuccess: (segment) => {
          naming.close();
          tell(t("builder.saved"));
          onSaved(segment);
        },
        onError: (error) => asProblem(error).status !== 412 && !isNaming && tellProblem(error),
      },
    );
  }

  return (
    <>
      {saved && (
        <>
          <Button variant="subtle" onClick={deleting.open}>
            {t("builder.delete")}
          </Button>
          {exporting}
          <LinkButton variant={isDirty ? "default" : "filled"} leftSection={<IconSpeakerphone size={16} />} to="/campaigns/new" search={{ segment: saved.body.id }}>
            {t("builder.use")}
          </LinkButton>
        </>
      )}
      <Button variant={isDirty ? "filled" : "default"} disabled={!isFinished(tree)} loading={save.isPending} onClick={saved && isDirty ? () => keep(name) : naming.open}>
        {t(saved ? (isDirty ? "builder.save" : "builder.rename") : "builder.save_new")}
      </Button>
      {isNaming && <NameModal name={name} error={save.error} isBusy={save.isPending} onClose={naming.close} onName={keep} />}
      <Modal opened={isStale} onClose={save.reset} title={t("builder.stale_title")}>
        <Stack>
          <Text size="sm">{t("builder.stale_detail")}</Text>
          <Group justify="flex-end" gap="sm">
            <Button
              onClick={() => {
                save.reset();
                onReload();
              }}
            >
              {t("builder.stale_take")}
            </Button>
          </Group>
        </Stack>
      </Modal>
      <ConfirmModal
        isOpen={isDeleting}
        onClose={deleting.close}
        title={t("builder.delete_title", { name })}
        verb={t("builder.delete")}
        isHarmful
        isBusy={remove.isPending}
        onConfirm={() =>
          saved &&
          remove.mutate(
            { id: saved.body.id, tag: saved.tag },
            {
              onSuccess: () => {
                tell(t("builder.deleted"));
                onDeleted();
              },
              onError: tellProblem,
            },
          )
        }
      >
        <Text size="sm">{t("builder.delete_detail")}</Text>
      </ConfirmModal>
    </>
  );
}

type NameProps = { name: string; error: unknown; isBusy: boolean; onClose: () => void; onName: (name: string) => void };

function NameModal({ name, error, isBusy, onClose, onName }: NameProps) {
  const { t } = useTranslation("segments");
  const [written, setWritten] = useState(name);
  const problem = error ? asProblem(error) : null;
  return (
    <Modal opened onClose={onClose} title={t("builder.save_new")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (written.trim()) onName(written.trim());
        }}
      >
        <Stack>
          <TextInput
            label={t("builder.name")}
            description={t("builder.name_help")}
            value={written}
            onChange={(event) => setWritten(event.currentTarget.value)}
            error={problem && (problem.errors[0]?.message ?? problemWords(problem).title)}
            data-autofocus
            required
            withAsterisk={false}
          />
          <Group justify="flex-end" gap="sm">
            <Button onClick={onClose}>{t("act.cancel", { ns: "common" })}</Button>
            <Button variant="filled" type="submit" loading={isBusy} disabled={!written.trim()}>
              {t("builder.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
