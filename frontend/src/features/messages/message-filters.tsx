/** Filters that live in the URL, and the proportions of what happened: each state is also a filter. */
import { Button, Select } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useReasonChoices } from "@/lib/reasons";
import { StateFilter } from "@/ui/state-filter";
import classes from "./messages.module.css";
import { type MessageFilter, countsQuery } from "./queries";

const channels = ["EMAIL", "SMS", "POST", "PHONE_OPERATOR"];

type Props = { filter: MessageFilter; onFilter: (filter: MessageFilter) => void };

export function MessageFilters({ filter, onFilter }: Props) {
  const { t } = useTranslation(["messages", "common"]);
  const reasons = useReasonChoices();
  const counts = useQuery(countsQuery(filter.touch));
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
          data={reasons}
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
      <StateFilter counts={counts.data?.by_status} chosen={filter.status} onChoose={(status) => set({ status })} />
    </>
  );
}
