/** Writes down a yes or a no that was really said, with the words shown and how it was said (B-05, C-20). */
import { Button, Group, Modal, Select, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { Loaded, ProblemFace } from "@/ui/faces";
import { tell } from "@/ui/toast";
import classes from "./card.module.css";
import { ScanField } from "./consents/scan-field";
import type { Scan } from "./consents/queries";
import { noticesOptions, useRecordConsent, type ConsentSaid, type Notice } from "./consent-queries";
import type { Cell, Customer } from "./queries";

type Props = { customer: Customer; purpose: ConsentSaid["purpose"]; channel: Cell["channel"]; onClose: () => void };

export function ConsentModal(props: Props) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const notices = useQuery(noticesOptions);
  const channel = props.channel ? tc(`channel.${props.channel}`) : tc("channel.all");
  return (
    <Modal opened onClose={props.onClose} title={t("consent.title", { purpose: tc(`purpose.${props.purpose}`), channel })} size="md">
      <Loaded query={notices}>{(all) => <ConsentForm {...props} notices={all} />}</Loaded>
    </Modal>
  );
}

/** What proves it: the scan we hold, the number of a recording, or plain words, which prove nothing and are kept. */
function evidenceOf(method: ConsentSaid["method"], scan: Scan | null, words: string): ConsentSaid["evidence"] {
  if (scan) return [{ type: method === "POS_TABLET" ? "signature" : "scan", sha256: scan.sha256 }];
  if (!words) return [];
  return [method === "PHONE_REC" ? { type: "recording", uri: words } : { type: "form", note: words }];
}

const methods: ConsentSaid["method"][] = ["POS_PAPER", "POS_TABLET", "ORAL", "PHONE_REC"];

function ConsentForm({ customer, purpose, channel, notices, onClose }: Props & { notices: Notice[] }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const record = useRecordConsent(customer.id);
  const fitting = notices.filter((notice) => notice.purpose === purpose && notice.current_version);
  const [action, setAction] = useState<"GRANT" | "DENY">("GRANT");
  const [noticeId, setNoticeId] = useState(fitting[0]?.id ?? null);
  const [method, setMethod] = useState<ConsentSaid["method"]>("POS_PAPER");
  const [proof, setProof] = useState("");
  const [scan, setScan] = useState<Scan | null>(null);
  const version = fitting.find((notice) => notice.id === noticeId)?.current_version;
  const takesScan = method === "POS_PAPER" || method === "POS_TABLET";
  const isProven = action === "DENY" || (takesScan ? scan !== null : proof.trim() !== "");

  function save() {
    record.mutate(
      {
        purpose,
        channel,
        action,
        occurred_at: new Date().toISOString(),
        method,
        ...(version ? { notice_version_id: version.id } : {}),
        evidence: evidenceOf(method, takesScan ? scan : null, proof.trim()),
      },
      {
        onSuccess: () => {
          tell(t(action === "GRANT" ? "consent.granted" : "consent.refused", { name: customer.full_name }));
          onClose();
        },
      },
    );
  }

  return (
    <Stack gap="lg">
      {version ? (
        <>
          {fitting.length > 1 && (
            <Select
              label={t("consent.notice")}
              value={noticeId}
              onChange={setNoticeId}
              allowDeselect={false}
              data={fitting.map((notice) => ({ value: notice.id, label: notice.name }))}
            />
          )}
          <blockquote className={classes.notice} lang={version.language}>
            «{version.text}»
            <footer>{t("consent.version", { version: version.version })}</footer>
          </blockquote>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t("consent.no_notice")}
        </Text>
      )}
      <SegmentedControl
        value={action}
        onChange={(value) => setAction(value as "GRANT" | "DENY")}
        fullWidth
        size="sm"
        data={[
          { value: "GRANT", label: t("consent.said_yes") },
          { value: "DENY", label: t("consent.said_no") },
        ]}
      />
      <Select
        label={t("objection.how")}
        value={method}
        onChange={(value) => value && setMethod(value as ConsentSaid["method"])}
        allowDeselect={false}
        data={methods.map((value) => ({ value, label: t(`method.${value}`) }))}
      />
      {action === "GRANT" &&
        (takesScan ? (
          <ScanField scan={scan} onScan={setScan} />
        ) : (
          <TextInput
            label={t(method === "PHONE_REC" ? "consent.recording" : "consent.proof")}
            description={t(method === "PHONE_REC" ? "consent.recording_help" : "consent.proof_help")}
            value={proof}
            onChange={(event) => setProof(event.currentTarget.value)}
          />
        ))}
      {!isProven && (
        <Text size="sm" c="var(--deferred)">
          {t("consent.unproven")}
        </Text>
      )}
      {record.error && <ProblemFace error={asProblem(record.error)} />}
      <Group justify="flex-end" gap="sm">
        <Button onClick={onClose}>{tc("act.cancel")}</Button>
        <Button variant="filled" onClick={save} loading={record.isPending}>
          {t("consent.save")}
        </Button>
      </Group>
    </Stack>
  );
}
