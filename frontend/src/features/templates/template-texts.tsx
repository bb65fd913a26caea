/** The text in each language, with the placeholders a tap away. */
import { Button, Group, Menu, SegmentedControl, Text, TextInput, Textarea, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Panel, PanelBody, PanelRow } from "@/ui/panel";
import { blankText } from "./blank";
import { type Draft, type TemplateText, variablesQuery } from "./queries";
import classes from "./templates.module.css";
import { type Parts, TextParts } from "./text-parts";

type Props = { draft: Draft; language: string; onLanguage: (language: string) => void; onChange: (draft: Draft) => void };
type TextsProps = Props & { parts: Parts | null };

const known = ["it", "en"];

export function TemplateTexts({ draft, language, parts, onLanguage, onChange }: TextsProps) {
  const { t } = useTranslation("templates");
  const area = useRef<HTMLTextAreaElement>(null);
  const text = draft.texts.find((each) => each.language === language) ?? draft.texts[0];
  if (!text) return null;
  const set = (change: Partial<TemplateText>) =>
    onChange({ ...draft, texts: draft.texts.map((each) => (each === text ? { ...each, ...change } : each)) });
  const hasSubject = draft.channel === "EMAIL" || draft.channel === "POST";

  function insert(name: string) {
    if (!text) return;
    const at = area.current?.selectionStart ?? text.body.length;
    const until = area.current?.selectionEnd ?? at;
    const placed = `{{ ${name} }}`;
    set({ body: text.body.slice(0, at) + placed + text.body.slice(until) });
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at + placed.length, at + placed.length);
    });
  }

  return (
    <Panel
      title={t("editor.body")}
      more={<Languages draft={draft} language={text.language} onLanguage={onLanguage} onChange={onChange} />}
    >
      <PanelBody>
        {hasSubject && (
          <TextInput
            label={t("editor.subject")}
            value={text.subject}
            onChange={(event) => set({ subject: event.currentTarget.value })}
            maxLength={200}
            mb="sm"
            lang={text.language}
          />
        )}
        <Textarea
          ref={area}
          className={draft.channel === "EMAIL" ? classes.code : undefined}
          aria-label={t("editor.body")}
          description={t(draft.channel === "EMAIL" ? "editor.body_help_email" : "editor.body_help_text")}
          value={text.body}
          onChange={(event) => set({ body: event.currentTarget.value })}
          autosize
          minRows={draft.channel === "EMAIL" ? 16 : 6}
          maxRows={30}
          lang={text.language}
          spellCheck={draft.channel !== "EMAIL"}
        />
      </PanelBody>
      {draft.channel === "SMS" && parts && <TextParts parts={parts} body={text.body} onReplace={(body) => set({ body })} />}
      <Variables onInsert={insert} />
    </Panel>
  );
}

function Languages({ draft, language, onLanguage, onChange }: Props) {
  const { t } = useTranslation("templates");
  const absent = known.filter((each) => !draft.texts.some((text) => text.language === each));
  const word = (each: string) => t(`editor.language.${each}`, { defaultValue: each });
  return (
    <Group gap="xs">
      <SegmentedControl
        aria-label={t("list.languages")}
        value={language}
        onChange={onLanguage}
        data={draft.texts.map((text) => ({ value: text.language, label: word(text.language) }))}
      />
      {absent.map((each) => (
        <Button
          key={each}
          size="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            onChange({ ...draft, texts: [...draft.texts, blankText(each, draft.channel)] });
            onLanguage(each);
          }}
        >
          {t("editor.add_language", { language: word(each).toLocaleLowerCase() })}
        </Button>
      ))}
      {draft.texts.length > 1 && (
        <Menu>
          <Menu.Target>
            <Button size="xs" variant="subtle">
              {t("editor.remove_language", { language: word(language).toLocaleLowerCase() })}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => {
                const left = draft.texts.filter((text) => text.language !== language);
                onChange({ ...draft, texts: left });
                onLanguage(left[0]?.language ?? language);
              }}
            >
              {t("editor.remove_language", { language: word(language).toLocaleLowerCase() })}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}

function Variables({ onInsert }: { onInsert: (name: string) => void }) {
  const { t } = useTranslation("templates");
  const { data: variables = [] } = useQuery(variablesQuery);
  return (
    <PanelRow>
      <Text size="xs" c="dimmed" mb={6}>
        {t("editor.variables")}: {t("editor.variables_help")}
      </Text>
      <div className={classes.variables}>
        {variables.map((variable) => (
          <UnstyledButton key={variable.name} className={classes.variable} title={`{{ ${variable.name} }} → ${variable.example}`} onClick={() => onInsert(variable.name)}>
            {variable.label}
          </UnstyledButton>
        ))}
      </div>
    </PanelRow>
  );
}
