import { Select, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { EmptyFace } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import type { TemplateChoice } from "./queries";

/** Whom to write to, and what the reason for writing suggests. */
export type Recipient = { id: string; name: string; channel?: string; templateId?: string };

type Props = {
  choices: TemplateChoice[];
  hint?: Recipient;
  isLocked?: boolean;
  children: (template: TemplateChoice) => ReactNode;
};

export function TemplateSelect({ choices, hint, isLocked, children }: Props) {
  const { t } = useTranslation("writing");
  const { t: tc } = useTranslation();
  const suggested = choices.find((each) => each.id === hint?.templateId) ?? choices.find((each) => each.channel === hint?.channel) ?? choices[0];
  const [templateId, setTemplateId] = useState(suggested?.id ?? null);
  const template = choices.find((each) => each.id === templateId);
  if (!template) {
    return (
      <EmptyFace title={t("no_templates")} action={<LinkButton to="/templates">{tc("places.templates")}</LinkButton>} />
    );
  }
  return (
    <Stack gap="lg">
      <Select
        label={t("template")}
        value={templateId}
        onChange={setTemplateId}
        allowDeselect={false}
        disabled={isLocked}
        data={choices.map((each) => ({ value: each.id, label: `${each.name} · ${tc(`channel.${each.channel}`)}` }))}
      />
      {children(template)}
    </Stack>
  );
}
