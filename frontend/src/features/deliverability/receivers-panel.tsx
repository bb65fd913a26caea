/** Who takes the mail in: what each large receiver did with it within thirty days, and how fast we write to it now. */
import { useQuery } from "@tanstack/react-query";
import { IconCircleCheck, IconGauge } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable } from "@/ui/data-table";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { type Line, type Receiver, receiversQuery } from "./queries";

export function ReceiversPanel({ line }: { line: Line }) {
  const { t } = useTranslation("deliverability");
  const query = useQuery(receiversQuery(line));
  // Texts have one gateway and no receivers to tell apart.
  if (line.channel !== "EMAIL") return null;
  return (
    <Panel title={t("receivers.title")} note={t("receivers.note")}>
      <Loaded query={query}>
        {(receivers) => (receivers.length ? <Receivers receivers={receivers} /> : <PanelBody c="dimmed">{t("receivers.empty")}</PanelBody>)}
      </Loaded>
    </Panel>
  );
}

function Receivers({ receivers }: { receivers: Receiver[] }) {
  const { t } = useTranslation("deliverability");
  const { number, percent } = useFormats();
  const figure = (key: "sent" | "bounced" | "deferred" | "complained", rate?: "bounce_rate" | "deferral_rate"): Column<Receiver> => ({
    key,
    header: t(`days.${key}`),
    align: "right",
    isSecondary: key === "deferred",
    render: (receiver) => (
      <span title={rate && receiver[rate] !== null ? percent(receiver[rate], 1) : undefined}>{number(receiver[key])}</span>
    ),
  });
  const columns: Column<Receiver>[] = [
    { key: "who", header: t("receivers.who"), render: ({ receiver }) => <b style={{ fontWeight: 550 }}>{receiver ? t(`receiver.${receiver}`, { defaultValue: receiver }) : t("receivers.others")}</b> },
    figure("sent"),
    figure("bounced", "bounce_rate"),
    figure("deferred", "deferral_rate"),
    figure("complained"),
    { key: "pace", header: t("receivers.pace"), align: "right", width: 230, render: (receiver) => <Pace receiver={receiver} /> },
  ];
  return <DataTable label={t("receivers.title")} columns={columns} rows={receivers} rowKey={({ receiver }) => receiver} minWidth={600} />;
}

function Pace({ receiver }: { receiver: Receiver }) {
  const { t } = useTranslation("deliverability");
  const { number, moment } = useFormats();
  if (receiver.per_minute === null) return <ToneBadge tone="good" icon={IconCircleCheck} word={t("receivers.free")} />;
  const word = t("receivers.slowed", { pace: number(Math.max(1, Math.round(receiver.per_minute))) });
  return (
    <span title={receiver.slowed_since ? t("receivers.clean_since", { when: moment(receiver.slowed_since) }) : undefined}>
      <ToneBadge tone="wait" icon={IconGauge} word={word} />
    </span>
  );
}
