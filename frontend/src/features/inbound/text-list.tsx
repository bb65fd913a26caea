/** Texts people sent us, and the few that a person has to read: a no, somebody else's number, or nothing to do. */
import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconMessageCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { phone, useFormats } from "@/lib/formats";
import { type Column, DataTable, rowLink } from "@/ui/data-table";
import { EmptyFace } from "@/ui/faces";
import { MailText } from "@/ui/mail-frame";
import { OnlyIf } from "@/ui/only-if";
import { Paged } from "@/ui/paged";
import { tell, tellProblem } from "@/ui/toast";
import classes from "./inbound.module.css";
import { TextKindBadge } from "./kinds";
import { type InboundFilter, type TextOutcome, type TextRow, textsQuery, useHandleText } from "./queries";

type Props = { filter: InboundFilter; onFilter: (filter: InboundFilter) => void; opened?: string; onClose: () => void };

export function TextList({ filter, onFilter, opened, onClose }: Props) {
  const { t } = useTranslation(["inbound", "common"]);
  const query = useQuery(textsQuery(filter));
  const open = query.data?.items.find((text) => text.id === opened);
  return (
    <>
      <Paged
        query={query}
        onCursor={(cursor) => onFilter({ ...filter, cursor })}
        empty={
          <EmptyFace
            icon={<IconMessageCheck size={28} stroke={1.5} />}
            title={t(filter.show === "all" ? "empty.all_texts" : "empty.waiting")}
            detail={t(filter.show === "all" ? "empty.all_texts_detail" : "empty.waiting_texts_detail")}
          />
        }
      >
        {(rows) => <Texts texts={rows} filter={filter} isStale={query.isPlaceholderData} />}
      </Paged>
      <Drawer
        opened={open !== undefined}
        onClose={onClose}
        title={open ? whoWrote(open, t("nobody")) : t("drawer.label")}
        closeButtonProps={{ "aria-label": t("common:act.close") }}
      >
        {open && <Opened text={open} onDone={onClose} />}
      </Drawer>
    </>
  );
}

const whoWrote = (text: TextRow, nobody: string) => text.customer_name ?? (text.from_number ? phone(text.from_number) : nobody);

function Texts({ texts, filter: { cursor, ...filter }, isStale }: { texts: TextRow[]; filter: InboundFilter; isStale: boolean }) {
  const { t } = useTranslation("inbound");
  const { moment, full } = useFormats();
  const columns: Column<TextRow>[] = [
    { key: "when", header: t("column.when"), width: 130, render: (text) => <span title={full(text.received_at)}>{moment(text.received_at)}</span> },
    {
      key: "kind",
      header: t("column.kind"),
      width: 190,
      render: (text) => (
        <Link to="/inbound" search={{ ...filter, after: cursor, open: text.id }} resetScroll={false} className={rowLink}>
          <TextKindBadge kind={text.kind} />
        </Link>
      ),
    },
    { key: "who", header: t("column.who"), render: (text) => <span className={classes.who}>{whoWrote(text, t("nobody"))}</span> },
    {
      key: "what",
      header: t("column.what"),
      render: (text) => (
        <Text size="sm" c="dimmed" lineClamp={2}>
          {text.text}
        </Text>
      ),
    },
    {
      key: "state",
      header: t("column.state"),
      width: 190,
      isSecondary: true,
      render: (text) =>
        text.is_open ? (
          <b className={classes.waits}>{t("state.waits")}</b>
        ) : (
          <Text size="sm" c="dimmed">
            {text.handled_as && t(`text_handled.${text.handled_as}`)}
          </Text>
        ),
    },
  ];
  return <DataTable label={t("by.texts")} columns={columns} rows={texts} rowKey={(text) => text.id} isStale={isStale} minWidth={600} />;
}

const outcomes: TextOutcome[] = ["objection", "wrong_person", "nothing"];

function Opened({ text, onDone }: { text: TextRow; onDone: () => void }) {
  const { t } = useTranslation("inbound");
  const { moment } = useFormats();
  const handle = useHandleText(text.id);
  const say = (outcome: TextOutcome) =>
    handle.mutate(outcome, {
      onSuccess: () => {
        tell(t(`text_handled.${outcome}`));
        onDone();
      },
      onError: tellProblem,
    });
  return (
    <Stack gap="md">
      <div>
        <TextKindBadge kind={text.kind} />
        <Text size="sm" c="dimmed" mt={4}>
          {moment(text.received_at)}
          {text.from_number && ` · ${phone(text.from_number)}`}
        </Text>
        <div className={classes.links}>
          {text.customer_id && (
            <Link to="/customers/$customerId" params={{ customerId: text.customer_id }}>
              {t("drawer.open_card")}
            </Link>
          )}
          {text.message_id && (
            <Link to="/messages" search={{ message: text.message_id }}>
              {t("drawer.answers")}
            </Link>
          )}
        </div>
      </div>
      <MailText text={text.text} />
      {text.handled_at && text.handled_as && (
        <div className={classes.done}>
          <b>{t("drawer.done")}</b>
          <Text size="sm">{t(`text_handled.${text.handled_as}`)}</Text>
          <Text size="xs" c="dimmed">
            {[text.handled_by, moment(text.handled_at)].filter(Boolean).join(" · ")}
          </Text>
        </div>
      )}
      {text.is_open && (
        <OnlyIf may="consents:write">
          <div className={classes.handling}>
            <Text fw={600}>{t("text_handling.what")}</Text>
            <Text size="sm" c="dimmed" mb="sm">
              {t("text_handling.help")}
            </Text>
            <Group gap="sm">
              {outcomes.map((outcome) => (
                <Button
                  key={outcome}
                  variant={text.suggestion === outcome ? "filled" : "default"}
                  loading={handle.isPending && handle.variables === outcome}
                  onClick={() => say(outcome)}
                >
                  {t(`text_handling.${outcome}`)}
                </Button>
              ))}
            </Group>
          </div>
        </OnlyIf>
      )}
    </Stack>
  );
}
