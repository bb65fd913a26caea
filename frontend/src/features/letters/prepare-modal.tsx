/** What a batch is made of and for which envelopes, before a worker asks the gate about everybody in it. */
import { Alert, NumberInput, SegmentedControl, Switch, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Money, useFormats } from "@/lib/formats";
import { fieldErrors, FormModal, wide } from "@/ui/form";
import classes from "./letters.module.css";
import { type BatchCreate, usePrepare } from "./queries";

/** The letters one may make a batch of. */
export type Part = { name: string; count: number; cost: Money; most: number; of: Pick<BatchCreate, "touch_id" | "only_single" | "message_id"> };

type Props = { part: Part; onClose: () => void; onPrepared: (batchId: string) => void };

export function PrepareModal({ part, onClose, onPrepared }: Props) {
  const { t } = useTranslation("letters");
  const { number, money } = useFormats();
  const prepare = usePrepare();
  // One key for one intent: a second click or a retry is the same batch.
  const [key] = useState(() => crypto.randomUUID());
  const [size, setSize] = useState<number | string>(Math.min(part.count, part.most));
  const [side, setSide] = useState<"left" | "right">("right");
  const [isDuplex, setDuplex] = useState(true);
  const isSizeSane = typeof size === "number" && size >= 1 && size <= part.most;

  function send() {
    prepare.mutate(
      { key, ...part.of, size: Number(size), window_side: side, is_duplex: isDuplex },
      { onSuccess: (batch) => onPrepared(batch.id) },
    );
  }

  return (
    <FormModal
      title={t("prepare.title")}
      verb={t("prepare.verb")}
      onClose={onClose}
      onSend={send}
      isBusy={prepare.isPending}
      canSend={isSizeSane}
      errors={fieldErrors(prepare.error)}
    >
      <Text className={wide}>
        <b>{part.name}</b>: {t("prepare.about", { count: part.count, formatted: number(part.count), cost: money(part.cost) })}
      </Text>
      <NumberInput
        className={wide}
        label={t("prepare.size")}
        description={t("prepare.size_help", { most: number(part.most) })}
        value={size}
        onChange={setSize}
        min={1}
        max={part.most}
        allowDecimal={false}
        clampBehavior="blur"
        data-autofocus
      />
      <div className={wide}>
        <Text size="sm" fw={550} mb={4} id="window-side">
          {t("prepare.window")}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="window-side"
          value={side}
          onChange={(chosen) => setSide(chosen as "left" | "right")}
          data={(["right", "left"] as const).map((each) => ({
            value: each,
            label: (
              <span className={classes.envelope}>
                <span className={classes.paper} data-window={each} aria-hidden />
                {t(`prepare.window_${each}`)}
              </span>
            ),
          }))}
        />
      </div>
      <Switch
        className={wide}
        label={t("prepare.duplex")}
        description={t("prepare.duplex_help")}
        checked={isDuplex}
        onChange={(event) => setDuplex(event.currentTarget.checked)}
      />
      <Alert className={wide} color="ink" icon={<IconShieldCheck size={18} />}>
        {t("prepare.gate")}
      </Alert>
    </FormModal>
  );
}
