/** Loads a template, or a blank one that already passes its checks, and opens the editor on it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Loaded } from "@/ui/faces";
import { blankDraft } from "./blank";
import { type Draft, type Template, templateQuery } from "./queries";
import { TemplateEditor } from "./template-editor";

type Props = { id: string; onSaved: (template: Template) => void };

export function TemplatePage({ id, onSaved }: Props) {
  return id === "new" ? <NewTemplate onSaved={onSaved} /> : <SavedTemplate id={id} onSaved={onSaved} />;
}

function NewTemplate({ onSaved }: Pick<Props, "onSaved">) {
  const { i18n } = useTranslation();
  const [start] = useState(() => blankDraft(i18n.language));
  return <TemplateEditor saved={null} start={start} onSaved={onSaved} onReload={() => undefined} />;
}

function SavedTemplate({ id, onSaved }: Props) {
  const query = useQuery(templateQuery(id));
  return (
    <Loaded query={query}>
      {({ body, tag }) => (
        <TemplateEditor
          key={`${id}-${body.version}`}
          saved={{ template: body, tag }}
          start={{ ...body, channel: body.channel as Draft["channel"] }}
          onSaved={onSaved}
          onReload={() => void query.refetch()}
        />
      )}
    </Loaded>
  );
}
