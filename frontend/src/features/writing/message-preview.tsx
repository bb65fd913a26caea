import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./writing.module.css";

/** What the person would read. The mail is drawn in a sandbox: no script runs and nothing is fetched. */
export function MessagePreview({ subject, html, text }: { subject: string | null; html: string | null; text: string }) {
  const { t } = useTranslation("writing");
  const [face, setFace] = useState("html");
  const document = html && `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">${html}`;
  return (
    <div className={classes.preview}>
      <div className={classes.previewHead}>
        <Text size="sm" fw={600}>
          {subject ?? t("text")}
        </Text>
        {document && (
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
      {document && face === "html" ? (
        <iframe title={t("preview")} sandbox="" srcDoc={document} className={classes.frame} />
      ) : (
        <pre className={classes.text}>{text}</pre>
      )}
    </div>
  );
}
