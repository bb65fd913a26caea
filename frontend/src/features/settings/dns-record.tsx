/** One record for the DNS of the business: who publishes it copies three values, so each has its own button. */
import { ActionIcon, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "@/api/client";
import classes from "./senders.module.css";

type Record = Schemas["DnsRecordRead"];

export function DnsRecord({ record }: { record: Record }) {
  const { t } = useTranslation("settings");
  const parts = [
    ["name", record.name],
    ["type", record.type],
    ["value", record.value],
  ] as const;
  return (
    <dl className={classes.record} aria-label={t("senders.record.label")}>
      {parts.map(([part, value]) => (
        <div key={part}>
          <dt>{t(`senders.record.${part}`)}</dt>
          <dd>
            <code>{value}</code>
            <CopyButton value={value}>
              {({ copied, copy }) => (
                <ActionIcon
                  size={26}
                  onClick={copy}
                  aria-label={t(copied ? "senders.record.copied" : "senders.record.copy", { what: t(`senders.record.${part}`) })}
                >
                  {copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.75} />}
                </ActionIcon>
              )}
            </CopyButton>
          </dd>
        </div>
      ))}
    </dl>
  );
}
