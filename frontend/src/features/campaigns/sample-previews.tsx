/** What real people would read, one at a time. */
import { ActionIcon, Group, SegmentedControl, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MailFrame, MailText } from "@/ui/mail-frame";
import type { Rehearsal } from "./queries";

export function SamplePreviews({ sample }: { sample: Rehearsal["sample"] }) {
  const { t } = useTranslation(["campaigns", "messages"]);
  const [position, setPosition] = useState(0);
  const [isText, setText] = useState(false);
  const shown = sample[Math.min(position, sample.length - 1)];
  if (!shown) return <Text c="dimmed">{t("rehearsal.no_preview")}</Text>;
  return (
    <>
      <Group gap="xs" mb="sm" wrap="nowrap">
        <ActionIcon variant="transparent" aria-label={t("rehearsal.previous_person")} disabled={position === 0} onClick={() => setPosition(position - 1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600} truncate>
            {shown.full_name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {shown.subject || t("rehearsal.person_of", { n: position + 1, of: sample.length })}
          </Text>
        </div>
        {shown.html && (
          <SegmentedControl
            value={isText ? "text" : "html"}
            onChange={(value) => setText(value === "text")}
            data={[
              { value: "html", label: t("messages:drawer.rendered") },
              { value: "text", label: t("messages:drawer.text") },
            ]}
          />
        )}
        <ActionIcon variant="transparent" aria-label={t("rehearsal.next_person")} disabled={position >= sample.length - 1} onClick={() => setPosition(position + 1)}>
          <IconChevronRight size={16} />
        </ActionIcon>
      </Group>
      {shown.html && !isText ? <MailFrame html={shown.html} title={shown.subject} height={440} /> : <MailText text={shown.text} />}
    </>
  );
}
