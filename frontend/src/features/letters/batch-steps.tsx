/** From the screen to the letter box in three steps; what may not leave any more is named before the pile is posted. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconDownload, IconMailForward } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { ConfirmModal } from "@/ui/confirm";
import { Panel } from "@/ui/panel";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./letters.module.css";
import { type Batch, useDownload, usePost } from "./queries";

export function BatchSteps({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  const { moment, number, list } = useFormats();
  const mayWrite = useMay("messages:write");
  const numbers = list(batch.to_remove.map((each) => number(each)));
  const isPosted = batch.state === "posted";
  return (
    <Panel aria-label={t("steps.label")}>
      {batch.to_remove.length > 0 && (
        <Alert m="md" color="red" role="alert" icon={<IconAlertTriangle size={18} />} title={t("steps.remove", { count: batch.to_remove.length, numbers })}>
          {t("steps.remove_detail")}
        </Alert>
      )}
      <ol className={classes.steps}>
        <Step title={t("steps.print")} detail={batch.printed_at ? t("steps.printed", { when: moment(batch.printed_at) }) : t("steps.print_detail")} isDone={!!batch.printed_at}>
          {mayWrite && batch.has_files && <Downloads batch={batch} />}
        </Step>
        <Step title={t("steps.envelope")} detail={t(`steps.envelope_${batch.window_side}`)} isDone={isPosted} />
        <Step
          title={t("steps.post")}
          detail={isPosted ? t("steps.posted", { when: moment(batch.posted_at!), who: batch.posted_by }) : t("steps.post_detail")}
          isDone={isPosted}
        >
          {mayWrite && !isPosted && <Posting batch={batch} />}
        </Step>
      </ol>
    </Panel>
  );
}

function Step({ title, detail, isDone, children }: { title: string; detail: string; isDone: boolean; children?: ReactNode }) {
  return (
    <li data-done={isDone || undefined}>
      <b>{title}</b>
      <Text size="sm" c="dimmed">
        {detail}
      </Text>
      {children && <div className={classes.stepActs}>{children}</div>}
    </li>
  );
}

function Downloads({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  const download = useDownload(batch);
  const isFirst = !batch.printed_at;
  return (
    <Group gap="sm">
      <Button
        variant={isFirst ? "filled" : undefined}
        leftSection={<IconDownload size={16} stroke={1.75} />}
        loading={download.isPending && download.variables === "pdf"}
        onClick={() => download.mutate("pdf", { onError: tellProblem })}
      >
        {t("steps.pdf")}
      </Button>
      <Button loading={download.isPending && download.variables === "csv"} onClick={() => download.mutate("csv", { onError: tellProblem })}>
        {t("steps.csv")}
      </Button>
    </Group>
  );
}

function Posting({ batch }: { batch: Batch }) {
  const { t } = useTranslation("letters");
  const { number, money, list } = useFormats();
  const [isOpen, { open, close }] = useDisclosure(false);
  const post = usePost(batch.id);
  // What the gate refused at the very last moment, beside what the batch told before.
  const [refused, setRefused] = useState<number[]>([]);
  const toRemove = [...new Set([...batch.to_remove, ...refused])].sort((one, other) => one - other);

  function send() {
    post.mutate(toRemove, {
      onSuccess: (posted) => {
        close();
        tell(t("steps.told", { count: posted.live_count, formatted: number(posted.live_count) }));
      },
      onError: (error) => {
        const problem = asProblem(error);
        if (problem.code === "letters-to-remove") setRefused(problem.facts.numbers as number[]);
        else tellProblem(error);
      },
    });
  }

  return (
    <>
      <Button variant={batch.printed_at ? "filled" : undefined} leftSection={<IconMailForward size={16} stroke={1.75} />} disabled={!batch.printed_at} onClick={open}>
        {t("steps.post_act")}
      </Button>
      <ConfirmModal
        isOpen={isOpen}
        onClose={close}
        title={t("steps.post_question", { count: batch.live_count, formatted: number(batch.live_count) })}
        verb={t(toRemove.length ? "steps.post_without" : "steps.post_act")}
        onConfirm={send}
        isBusy={post.isPending}
      >
        {toRemove.length > 0 && (
          <Alert
            color="red"
            role="alert"
            icon={<IconAlertTriangle size={18} />}
            title={t("steps.remove", { count: toRemove.length, numbers: list(toRemove.map((each) => number(each))) })}
          >
            {t("steps.remove_detail")}
          </Alert>
        )}
        <Text size="sm">{t("steps.post_consequence", { cost: money(batch.cost) })}</Text>
      </ConfirmModal>
    </>
  );
}
