/** Filters that live in the URL, and the proportions of what happened: each state is also a filter. */
import { Button, Select, UnstyledButton } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { StateBar, type Part } from "@/ui/state-bar";
import classes from "./messages.module.css";
import { type MessageFilter, type MessageRow, countsQuery } from "./queries";

const tones: [MessageRow["status"], Part["tone"], string][] = [
  ["sent", "ink", "var(--chart-ink)"],
  ["delivered", "ink", "var(--chart-ink)"],
  ["queued", "teal", "var(--chart-teal)"],
  ["deferred", "deferred", "var(--deferred)"],
  ["bounced", "ochre", "var(--chart-ochre)"],
  ["failed", "plum", "var(--chart-plum)"],
  ["unknown", "plum", "var(--chart-plum)"],
  ["skipped", "rest", "var(--chart-rest)"],
  ["control", "sky", "var(--chart-sky)"],
  ["cancelled", "rest", "var(--chart-rest)"],
];
const channels = ["EMAIL", "SMS", "POST", "PHONE_OPERATOR"];

type Props = { filter: MessageFilter; onFilter: (filter: MessageFilter) => void };

export function MessageFilters({ filter, onFilter }: Props) {
  const { t, i18n } = useTranslation(["messages", "common", "reasons"]);
  const reasons = Object.keys((i18n.getResourceBundle("it", "reasons") ?? {}) as object);
  const set = (change: Partial<MessageFilter>) => onFilter({ ...filter, cursor: undefined, ...change });
  const isFiltered = Object.entries(filter).some(([key, value]) => key !== "cursor" && value);
  return (
    <>
      <div className={classes.filters}>
        <Select
          w={170}
          aria-label={t("filter.channel")}
          placeholder={t("filter.all_channels")}
          clearable
          value={filter.channel ?? null}
          onChange={(channel) => set({ channel: (channel as MessageFilter["channel"]) ?? undefined })}
          data={channels.map((channel) => ({ value: channel, label: t(`common:channel.${channel}`) }))}
        />
        <Select
          w={280}
          aria-label={t("filter.reason")}
          placeholder={t("filter.all_reasons")}
          clearable
          searchable
          value={filter.reason ?? null}
          onChange={(reason) => set({ reason: reason ?? undefined })}
          data={reasons.map((reason) => ({ value: reason, label: t(`reasons:${reason}.text`) }))}
        />
        <DateInput
          w={150}
          aria-label={t("filter.day")}
          placeholder={t("filter.day")}
          clearable
          valueFormat="D MMM YYYY"
          value={filter.day ?? null}
          onChange={(day) => set({ day: day ?? undefined })}
        />
        {isFiltered && (
          <Button variant="subtle" onClick={() => onFilter({})}>
            {t("filter.clear")}
          </Button>
        )}
      </div>
      <States filter={filter} onStatus={(status) => set({ status })} />
    </>
  );
}

function States({ filter, onStatus }: { filter: MessageFilter; onStatus: (status: MessageFilter["status"]) => void }) {
  const { t } = useTranslation("messages");
  const { number } = useFormats();
  const { data } = useQuery(countsQuery(filter.touch));
  if (!data) return <div className={classes.bar} style={{ minHeight: 34 }} />;
  const counted = tones.map(([status, tone, fill]) => ({ status, tone, fill, value: countOf(data.by_status, status), label: t(`status.${status}`) }));
  const present = counted.filter((state) => state.value > 0);
  return (
    <div className={classes.bar} role="group" aria-label={t("filter.status")}>
      <div className={classes.barTrack}>
        <StateBar parts={present} />
      </div>
      {present.map((state) => (
        <UnstyledButton
          key={state.status}
          className={classes.state}
          data-chosen={filter.status === state.status || undefined}
          aria-pressed={filter.status === state.status}
          onClick={() => onStatus(filter.status === state.status ? undefined : state.status)}
        >
          <i style={{ background: state.fill }} aria-hidden />
          <b>{number(state.value)}</b> {state.label}
        </UnstyledButton>
      ))}
    </div>
  );
}

/** What waits in any way is one state to a reader. */
function countOf(counts: Record<string, number>, status: string): number {
  const inside = status === "queued" ? ["planned", "queued", "claimed", "sending"] : [status];
  return inside.reduce((sum, each) => sum + (counts[each] ?? 0), 0);
}
