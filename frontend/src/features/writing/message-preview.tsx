import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MailFrame, MailText } from "@/ui/mail-frame";
import classes from "./writing.module.css";

/** What the person would read, both parts of it. */
export function MessagePreview({ subject, html, text }: { subject: string | null; html: string | null; text: string }) {
  const { t } = useTranslation("writing");
  const [face, setFace] = useState("html");
  return (
    <div className={classes.preview}>
      <div className={classes.previewHead}>
        <Text size="sm" fw={600}>
          {subject ?? t("text")}
        </Text>
        {html && (
          <SegmentedControl
            value={face}
            onChange={setFace}
            data={[
              { value: "html", label: t("mail") },
              { value: "text", label: t("text") },
            ]}
          />
        )}
      </div>
      {html && face === "html" ? <MailFrame html={html} title={t("preview")} height={380} /> : <MailText text={text} />}
    </div>
  );
}
