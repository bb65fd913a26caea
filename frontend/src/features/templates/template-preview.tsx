/** How one person would read it: rendered by the server, shown in a sealed frame. */
import { SegmentedControl, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { MailFrame, MailText } from "@/ui/mail-frame";
import { Panel, PanelBody } from "@/ui/panel";
import { type RemoteOption, RemoteSelect } from "@/ui/remote-select";
import { type Preview, searchPeople } from "./queries";

type Props = { query: UseQueryResult<Preview>; onPerson: (id: string | undefined) => void };

export function TemplatePreview({ query, onPerson }: Props) {
  const { t } = useTranslation("templates");
  const { list } = useFormats();
  const [person, setPerson] = useState<RemoteOption | null>(null);
  const [isText, setText] = useState(false);
  return (
    <Panel
      title={t("editor.preview")}
      more={
        query.data?.html && (
          <SegmentedControl
            value={isText ? "text" : "html"}
            onChange={(value) => setText(value === "text")}
            data={[
              { value: "html", label: t("editor.preview_html") },
              { value: "text", label: t("editor.preview_text") },
            ]}
          />
        )
      }
    >
      <PanelBody>
        <RemoteSelect
          mb="sm"
          aria-label={t("editor.preview_person")}
          placeholder={`${t("editor.preview_person")} (${t("editor.preview_nobody")})`}
          searchKey={["templates", "people"]}
          search={searchPeople}
          isPrivate
          minLength={2}
          clearable
          chosen={person}
          onChoose={(option) => {
            setPerson(option);
            onPerson(option?.value);
          }}
        />
        <Loaded query={query}>
          {(preview) => (
            <div style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
              {preview.missing.length > 0 && (
                <Text size="sm" c="var(--deferred)" mb="xs">
                  {t("editor.missing", { fields: list(preview.missing) })}
                </Text>
              )}
              {preview.subject && (
                <Text fw={600} mb="xs">
                  {preview.subject}
                </Text>
              )}
              {preview.html && !isText ? (
                <MailFrame html={preview.html} title={t("editor.preview")} height={420} />
              ) : preview.text ? (
                <MailText text={preview.text} marked={preview.parts?.odd_characters.map((odd) => odd.character)} />
              ) : (
                <Text c="dimmed">{t("editor.preview_empty")}</Text>
              )}
            </div>
          )}
        </Loaded>
      </PanelBody>
    </Panel>
  );
}
