import { ActionIcon, Button, Group, Text, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { tell, tellProblem, tellUndoable } from "@/ui/toast";
import classes from "./card.module.css";
import { notesOptions, useAddNote, useDeleteNote, type Note } from "./queries";

const shownFirst = 3;
/** Patterns that should make one think before saving: a tax code, an IBAN (C-22). */
const delicate = /\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b|\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}/i;

type Props = { customerId: string; field: RefObject<HTMLTextAreaElement | null>; isFrozen: boolean };

export function NotesPanel({ customerId, field, isFrozen }: Props) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const notes = useQuery(notesOptions(customerId));
  const add = useAddNote(customerId);
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const isDelicate = delicate.test(text);

  function save() {
    const body = text.trim();
    if (!body || add.isPending) return;
    add.mutate(body, {
      onSuccess: (note) => {
        setText("");
        if (note.warnings && note.warnings.length > 0) tell(t("notes.warned"));
      },
      onError: tellProblem,
    });
  }

  return (
    <Panel title={t("notes.title")}>
      {!isFrozen && (
        <PanelBody pb={text ? "sm" : "md"} className="no-print">
          <Textarea
            ref={field}
            autosize
            minRows={1}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save();
            }}
            placeholder={t("notes.write")}
            aria-label={t("notes.write")}
            maxLength={5000}
          />
          {isDelicate && (
            <Text size="xs" c="var(--deferred)" mt={4}>
              {t("notes.delicate")}
            </Text>
          )}
          {text && (
            <Group justify="space-between" mt="sm" wrap="nowrap">
              <Text size="xs" c="dimmed">
                {t("notes.visible")}
              </Text>
              <Button size="xs" onClick={save} loading={add.isPending}>
                {tc("act.save")}
              </Button>
            </Group>
          )}
        </PanelBody>
      )}
      <Loaded query={notes}>
        {(items) => (
          <>
            {items.slice(0, all ? undefined : shownFirst).map((note) => (
              <NoteRow key={note.id} note={note} customerId={customerId} isFrozen={isFrozen} />
            ))}
            {!all && items.length > shownFirst && (
              <PanelRow>
                <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
                  {t("notes.more", { count: items.length - shownFirst })}
                </Button>
              </PanelRow>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function NoteRow({ note, customerId, isFrozen }: { note: Note; customerId: string; isFrozen: boolean }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const remove = useDeleteNote(customerId);
  const addBack = useAddNote(customerId);
  return (
    <PanelRow className={classes.note}>
      <div>
        {note.body}
        <Text size="xs" c="dimmed" mt={2}>
          {note.author_name}, {formats.relativeDay(note.created_at)}
        </Text>
      </div>
      {!isFrozen && (
        <ActionIcon
          size={26}
          className={classes.noteRemove}
          aria-label={t("notes.remove")}
          onClick={() =>
            remove.mutate(note.id, {
              onSuccess: () => tellUndoable(t("notes.removed"), () => addBack.mutate(note.body)),
              onError: tellProblem,
            })
          }
        >
          <IconTrash size={15} stroke={1.75} />
        </ActionIcon>
      )}
    </PanelRow>
  );
}
