/** «Si può scrivere?»: purposes by channels, each cell the gate's own answer with its why. */
import { Button, Popover, Text, UnstyledButton } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { Panel } from "@/ui/panel";
import classes from "./card.module.css";
import type { ConsentSaid } from "./consent-queries";
import { ConsentModal } from "./consent-modal";
import { PermissionCell } from "./permission-cell";
import { permissionsOptions, type Cell, type Customer, type Permissions } from "./queries";

type Asked = { purpose: ConsentSaid["purpose"]; channel: Cell["channel"] };
type Props = { customer: Customer; asOf: string | undefined; onAsOf: (day: string | undefined) => void; onObject: () => void };

export function PermissionsPanel({ customer, asOf, onAsOf, onObject }: Props) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const permissions = useQuery(permissionsOptions(customer.id, asOf && formats.endOfDay(asOf)));
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Panel
      title={t("may_we")}
      note={permissions.data && (asOf ? t("as_of.day", { day: formats.longDay(asOf) }) : t("as_of.current", { at: formats.moment(permissions.data.at) }))}
      more={<AsOf asOf={asOf} onAsOf={onAsOf} since={customer.created_at} />}
    >
      <Loaded query={permissions} skeleton={<SkeletonRows rows={4} height={40} />}>
        {(answer) => (
          <Matrix
            permissions={answer}
            onRecord={asOf ? undefined : setAsked}
            onObject={asOf ? undefined : onObject}
          />
        )}
      </Loaded>
      {asked && <ConsentModal customer={customer} purpose={asked.purpose} channel={asked.channel} onClose={() => setAsked(null)} />}
    </Panel>
  );
}

/** What a shop asks and uses every day; the other purposes stay one press away. */
const everyday = ["MKT_OWN", "PROFILING", "SERVICE", "MARKET_RESEARCH"];
const order: NonNullable<Cell["channel"]>[] = ["EMAIL", "SMS", "WHATSAPP", "PHONE_OPERATOR", "PHONE_AUTO", "PUSH", "POST", "FAX"];

type MatrixProps = {
  permissions: Permissions;
  onRecord?: (asked: Asked) => void;
  onObject?: () => void;
};

function Matrix({ permissions, onRecord, onObject }: MatrixProps) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const used = new Set(permissions.rows.flatMap((row) => row.cells.map((cell) => cell.channel)));
  const channels = order.filter((channel) => used.has(channel));
  const cellProps = { at: permissions.at, onRecord, onObject };
  const [showsAll, setShowsAll] = useState(false);
  const first = everyday.flatMap((purpose) => permissions.rows.filter((row) => row.purpose === purpose));
  const others = permissions.rows.filter((row) => !everyday.includes(row.purpose));
  const shown = showsAll ? [...first, ...others] : first;
  return (
    <div className={classes.matrixScroll}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <td />
            {channels.map((channel) => (
              <th key={channel} scope="col">
                <ChannelIcon channel={channel} size={15} /> {tc(`channel.${channel}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const one = agreed(row.cells);
            return (
              <tr key={row.purpose}>
                <th scope="row">{tc(`purpose.${row.purpose}`)}</th>
                {one ? (
                  <td colSpan={channels.length}>
                    <PermissionCell cell={one} purpose={row.purpose} {...cellProps} />{" "}
                    <Text span size="xs" c="dimmed">
                      {row.cells.length > 1 ? t("all_channels", { sentence: one.sentence }) : one.sentence}
                    </Text>
                  </td>
                ) : (
                  channels.map((channel) => {
                    const cell = row.cells.find((each) => each.channel === channel);
                    return <td key={channel}>{cell && <PermissionCell cell={cell} purpose={row.purpose} {...cellProps} />}</td>;
                  })
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className={`${classes.hint} no-print`}>
        <Text size="xs" c="dimmed">
          {t("matrix_hint")}
        </Text>
        {others.length > 0 && (
          <UnstyledButton className={classes.link} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? t("fewer_purposes") : t("other_purposes", { count: others.length })}
          </UnstyledButton>
        )}
      </div>
    </div>
  );
}

/** One answer for the row when its channels agree. */
function agreed(cells: Cell[]): Cell | null {
  const [first, ...others] = cells;
  if (!first) return null;
  const same = others.every((cell) => cell.family === first.family && cell.reason === first.reason && cell.until === first.until);
  return same ? first : null;
}

function AsOf({ asOf, onAsOf, since }: { asOf: string | undefined; onAsOf: Props["onAsOf"]; since: string }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={`${classes.link} no-print`} onClick={() => setOpen(!isOpen)}>
          {t("as_of.ask")}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <DatePicker
          value={asOf ?? null}
          defaultDate={asOf ?? formats.today()}
          maxDate={formats.today()}
          minDate={since.slice(0, 10)}
          onChange={(day) => {
            setOpen(false);
            onAsOf(day ?? undefined);
          }}
        />
        {asOf && (
          <Button size="xs" fullWidth mt="sm" onClick={() => onAsOf(undefined)}>
            {t("as_of.now")}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
