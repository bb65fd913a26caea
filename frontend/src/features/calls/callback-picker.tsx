/** When to call again: days and quarters of an hour inside what the law leaves open, on the clock of the person (D-T9). */
import { Button, Select, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { dayOf, useFormats } from "@/lib/formats";
import classes from "./calls.module.css";
import { momentsOf, proposed } from "./hours";
import type { Call } from "./queries";
import { useCallWords } from "./words";

type Props = { call: Call; onChoose: (at: string) => void; isBusy: boolean };

export function CallbackPicker({ call, onChoose, isBusy }: Props) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  const words = useCallWords();
  const there = words.formatsOf(call);
  const { zone, openings } = call.clock;
  const [openedAt] = useState(() => Date.now());
  const days = useMemo(() => momentsOf(openings, zone, openedAt), [openings, zone, openedAt]);
  const first = proposed(days, call.best?.at);
  const [at, setAt] = useState(first);
  if (!at) return <Text size="sm">{t("callback.hours")}</Text>;
  const day = dayOf(at, zone);
  const moments = days.get(day) ?? [];
  return (
    <div role="group" aria-label={t("callback.title")} className={classes.callbackPicker}>
      <span className={classes.caption}>{t("callback.title")}</span>
      <div className={classes.moment}>
        <Select
          label={t("callback.day")}
          value={day}
          onChange={(chosen) => chosen && setAt(days.get(chosen)?.find((each) => there.time(each) >= there.time(at)) ?? days.get(chosen)?.[0])}
          data={[...days.keys()].map((each) => ({ value: each, label: there.weekday(each) }))}
          allowDeselect={false}
        />
        <Select
          label={t("callback.hour")}
          value={at}
          onChange={(chosen) => chosen && setAt(chosen)}
          data={moments.map((each) => ({ value: each, label: there.time(each) }))}
          allowDeselect={false}
        />
      </div>
      <Text size="xs" c="dimmed">
        {call.best && call.best.reason !== "OPEN" && at === first ? t("callback.suggested", { why: words.best(call.best) }) : t("callback.hours")}
      </Text>
      {zone !== formats.timezone && <Text size="xs">{t("callback.here", { when: formats.moment(at) })}</Text>}
      <Button size="md" onClick={() => onChoose(at)} disabled={isBusy}>
        {t("callback.act", { when: `${there.weekday(at)}, ${there.time(at)}` })}
      </Button>
    </div>
  );
}
