/** `/letters/$batchId`: print it, put it in envelopes, post it; who is in it, who is not and why. */
import { Alert, Button, Progress, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { ConfirmAt } from "@/ui/confirm";
import { Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";
import { PageHeader } from "@/ui/page-header";
import { Panel, PanelBody } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import { BatchState, useBatchName } from "./batch-list";
import { BatchSteps } from "./batch-steps";
import classes from "./letters.module.css";
import { PiecesPanel } from "./pieces-panel";
import { type Batch, batchQuery, isInTheMaking, type PieceState, useCancelBatch } from "./queries";

type Props = {
  id: string;
  filter: { state?: PieceState; cursor?: string };
  onFilter: (filter: { state?: PieceState; cursor?: string }) => void;
};

export function BatchPage({ id, filter, onFilter }: Props) {
  const query = useQuery(batchQuery(id));
  return <Loaded query={query}>{(batch) => <Whole batch={batch} filter={filter} onFilter={onFilter} />}</Loaded>;
}

function Whole({ batch, filter, onFilter }: { batch: Batch } & Omit<Props, "id">) {
  const { t } = useTranslation("letters");
  const { moment } = useFormats();
  const name = useBatchName();
  return (
    <>
      <PageHeader
        documentTitle={t("batch.document")}
        eyebrow={t("batch.eyebrow", { when: moment(batch.created_at), who: batch.created_by })}
        title={name(batch)}
        beside={<BatchState batch={batch} />}
        subtitle={<Facts batch={batch} />}
        actions={
          <>
            <Cancel batch={batch} />
            <LinkButton to="/letters">{t("batch.back")}</LinkButton>
          </>
        }
      />
      {batch.failure && (
        <Alert color="red" mb="md" icon={<IconAlertTriangle size={18} />} title={t("batch.failed")}>
          {t("batch.failed_detail")} ({batch.failure})
        </Alert>
      )}
      {isInTheMaking(batch) && <Making batch={batch} />}
      {(batch.state === "prepared" || batch.state === "posted") && <BatchSteps batch={batch} />}
      <LeftOut batch={batch} />
      {batch.pieces_count > 0 && <PiecesPanel batch={batch} filter={filter} onFilter={onFilter} />}
    </>
  );
}

function Facts({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  const { number, money } = useFormats();
  if (batch.pieces_count === 0) return null;
  return (
    <>
      {t("batch.facts", { count: batch.live_count, formatted: number(batch.live_count), cost: money(batch.cost) })}
      {batch.pages_count > 0 && ` · ${t("batch.pages", { count: batch.pages_count, formatted: number(batch.pages_count) })}`}
      {` · ${t(`prepare.window_${batch.window_side}`)} · ${t(batch.is_duplex ? "batch.duplex" : "batch.simplex")}`}
    </>
  );
}

function Making({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  return (
    <Panel aria-label={t("state.preparing")}>
      <PanelBody pt="md">
        <Text size="sm" mb="xs">
          {t("batch.making")}
        </Text>
        <Progress value={(batch.progress ?? 0) * 100} animated aria-label={t("state.preparing")} />
      </PanelBody>
    </Panel>
  );
}

function LeftOut({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  const { number } = useFormats();
  const reasons = useReasons();
  const total = batch.left_out.reduce((sum, each) => sum + each.count, 0);
  if (total === 0) return null;
  return (
    <Panel mt="md" title={t("left_out.title", { count: total, formatted: number(total) })} note={t("left_out.note")}>
      <ul className={classes.reasonList}>
        {batch.left_out.map(({ reason, count }) => (
          <li key={reason}>
            <span>{reasons.sentence(reason)}</span>
            <b>{number(count)}</b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Cancel({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  const cancel = useCancelBatch();
  if (batch.state !== "preparing" && batch.state !== "prepared") return null;
  return (
    <OnlyIf may="messages:write">
      <ConfirmAt
        question={t("batch.cancel_question")}
        verb={t("batch.cancel")}
        onConfirm={() => cancel.mutate(batch.id, { onSuccess: () => tell(t("batch.cancelled")), onError: tellProblem })}
      >
        {(open) => (
          <Button onClick={open} loading={cancel.isPending}>
            {t("batch.cancel")}
          </Button>
        )}
      </ConfirmAt>
    </OnlyIf>
  );
}
