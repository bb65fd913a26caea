/** Where files come in: dropped anywhere on the page, or chosen. What could never pass is refused before it travels. */
import { Button, Progress, Text } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import classes from "./imports.module.css";
import { maxBytes, useUpload, type Import } from "./queries";
import { useWords } from "./words";

type Props = { onUploaded: (uploaded: Import) => void };

export function FileDrop({ onUploaded }: Props) {
  const { t } = useTranslation("imports");
  const words = useWords();
  const upload = useUpload();
  const input = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const file = upload.variables;

  function take(chosen: File | undefined) {
    if (!chosen || upload.isPending) return;
    upload.reset();
    const reason = chosen.size > maxBytes ? t("drop.too_big", { size: words.bytes(chosen.size) }) : chosen.size === 0 ? t("drop.empty") : null;
    setRefusal(reason);
    if (!reason) upload.mutate(chosen, { onSuccess: onUploaded });
  }

  const isOver = useDroppedFile(take);
  const wasStopped = upload.error instanceof DOMException;
  return (
    <div className={classes.drop} data-over={isOver || undefined}>
      {upload.isPending && file ? (
        <Sending file={file} sent={upload.sent} onStop={upload.stop} />
      ) : (
        <>
          <IconFileUpload size={26} stroke={1.5} aria-hidden />
          <div className={classes.dropWords}>
            <Text size="sm">{t("drop.invite")}</Text>
            <Button variant="filled" onClick={() => input.current?.click()}>
              {t("drop.choose")}
            </Button>
            <Text size="xs" c="dimmed">
              {t("drop.accepts")}
            </Text>
          </div>
          <input
            ref={input}
            type="file"
            hidden
            aria-label={t("drop.label")}
            accept=".csv,.txt,.tsv,.xlsx,.ods,.zip,text/csv"
            onChange={(event) => {
              take(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
          {(refusal ?? (upload.error && !wasStopped)) && (
            <Text size="sm" c="var(--denied)" fw={550} role="alert" className={classes.dropRefusal}>
              {refusal ?? words.problem(asProblem(upload.error))}
            </Text>
          )}
        </>
      )}
    </div>
  );
}

function Sending({ file, sent, onStop }: { file: File; sent: number; onStop: () => void }) {
  const { t } = useTranslation("imports");
  const words = useWords();
  const hasArrived = sent >= file.size;
  return (
    <div className={classes.sending} role="status">
      <Text size="sm" fw={600}>
        {file.name}
      </Text>
      <Progress size="md" value={(sent / file.size) * 100} animated={hasArrived} aria-label={file.name} />
      <div className={classes.between}>
        <Text size="xs" c="dimmed">
          {hasArrived ? t("drop.looking") : t("drop.sending", { sent: words.bytes(sent), total: words.bytes(file.size) })}
        </Text>
        <Button size="xs" variant="subtle" onClick={onStop}>
          {t("drop.stop")}
        </Button>
      </div>
    </div>
  );
}

/** Takes a file let go anywhere on the page: beside the area the browser would leave for the file. */
function useDroppedFile(onFile: (file: File | undefined) => void): boolean {
  const [isOver, setOver] = useState(false);
  const take = useEffectEvent(onFile);
  useEffect(() => {
    const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      setOver(false);
      take(event.dataTransfer?.files[0]);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}
