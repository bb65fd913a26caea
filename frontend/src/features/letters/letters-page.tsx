/** `/letters`: what waits for paper, what the post brought back, and the batches in between. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { useFormats } from "@/lib/formats";
import { PageHeader } from "@/ui/page-header";
import { BatchList } from "./batch-list";
import classes from "./letters.module.css";
import { PrepareModal, type Part } from "./prepare-modal";
import { waitingQuery } from "./queries";
import { ReturnsPanel } from "./returns-panel";
import { WaitingPanel } from "./waiting-panel";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void; onPrepared: (batchId: string) => void };

export function LettersPage({ cursor, onCursor, onPrepared }: Props) {
  const { t } = useTranslation("letters");
  const { number } = useFormats();
  const mayWrite = useMay("messages:write");
  const count = useQuery(waitingQuery).data?.count;
  const [part, setPart] = useState<Part>();
  const title = count === undefined ? t("document") : count ? t("title", { count, formatted: number(count) }) : t("title_none");
  return (
    <>
      <PageHeader documentTitle={t("document")} title={title} subtitle={t("subtitle")} />
      <div className={classes.columns}>
        <WaitingPanel onPrepare={mayWrite ? setPart : undefined} />
        {mayWrite && <ReturnsPanel />}
      </div>
      <BatchList cursor={cursor} onCursor={onCursor} />
      {part && <PrepareModal part={part} onClose={() => setPart(undefined)} onPrepared={onPrepared} />}
    </>
  );
}
