/** A scan or a photograph of what was signed: sent at once, kept by its hash, and never taken on its word (C-13). */
import { Button, FileButton, Loader, Text } from "@mantine/core";
import { IconCircleCheck, IconPaperclip } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { problemWords } from "@/lib/problem-words";
import classes from "@/features/card/card.module.css";
import { useUploadScan, type Scan } from "./queries";

type Props = { scan: Scan | null; onScan: (scan: Scan | null) => void; isOptional?: boolean };

export function ScanField({ scan, onScan, isOptional }: Props) {
  const { t } = useTranslation("card");
  const upload = useUploadScan();
  const refused = upload.error ? problemWords(asProblem(upload.error)) : null;

  function choose(file: File | null) {
    if (!file) return;
    onScan(null);
    upload.mutate(file, { onSuccess: onScan });
  }

  return (
    <div>
      <Text size="sm" fw={550} mb={4}>
        {t("scan.label")} {isOptional && <Text span c="dimmed" fw={400}>{t("scan.optional")}</Text>}
      </Text>
      <div className={classes.scan}>
        <FileButton onChange={choose} accept="application/pdf,image/png,image/jpeg,image/webp">
          {(props) => (
            <Button {...props} size="sm" leftSection={<IconPaperclip size={16} stroke={1.75} aria-hidden />} disabled={upload.isPending}>
              {t(scan ? "scan.another" : "scan.choose")}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed" aria-live="polite">
          {upload.isPending && <Loader size={14} aria-label={t("scan.sending")} />}
          {scan && !upload.isPending && (
            <>
              <IconCircleCheck size={15} stroke={2} aria-hidden className={classes.kept} />{" "}
              {t("scan.kept", { hash: scan.sha256.slice(0, 12), size: Math.ceil(scan.size_bytes / 1024) })}
            </>
          )}
          {!scan && !upload.isPending && !refused && t("scan.help")}
          {refused && <span className={classes.denied}>{refused.detail ?? refused.title}</span>}
        </Text>
      </div>
    </div>
  );
}
