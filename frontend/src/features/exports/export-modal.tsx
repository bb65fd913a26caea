/** What leaves, in which form, what for, and why. A file for contacting people goes through the gate, person by person. */
import { Alert, Button, Group, Modal, Radio, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { fieldWords, problemWords } from "@/lib/problem-words";
import { tell } from "@/ui/toast";
import type { ExportAbout } from "./export-button";
import classes from "./exports.module.css";
import { useFilterWords } from "./filter-words";
import { channels, formats, purposes, useRequestExport, type Channel, type ExportCreate, type ExportFormat, type Purpose } from "./queries";

type Props = ExportAbout & { mayContact: boolean; onClose: () => void };

export function ExportModal({ kind, filters = {}, note, mayContact, onClose }: Props) {
  const { t } = useTranslation("exports");
  const { t: tc } = useTranslation();
  const navigate = useNavigate();
  const filterWords = useFilterWords();
  const request = useRequestExport();
  // One key for one intent: a second click or a retry is the same file.
  const [key] = useState(() => crypto.randomUUID());
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [use, setUse] = useState<ExportCreate["use"]>("INTERNAL");
  const [purpose, setPurpose] = useState<Purpose>("MKT_OWN");
  const [channel, setChannel] = useState<Channel>("EMAIL");
  const [reason, setReason] = useState("");
  const [wasAsked, setAsked] = useState(false);
  const isReasonShort = reason.trim().length < 3;
  const problem = request.error ? asProblem(request.error) : null;
  const reasonError = problem?.errors.find((each) => each.path === "reason");

  function ask() {
    setAsked(true);
    if (isReasonShort || request.isPending) return;
    const meant = use === "CONTACT" ? { use, purpose, channel } : { use };
    request.mutate(
      { key, kind, format, filters, reason: reason.trim(), ...meant },
      {
        onSuccess: () => {
          tell(t("modal.asked"));
          onClose();
          void navigate({ to: "/customers/exports" });
        },
      },
    );
  }

  return (
    <Modal opened onClose={onClose} title={t("modal.title")} size="lg" closeButtonProps={{ "aria-label": tc("act.close") }}>
      <Stack gap="md">
        {problem && !reasonError && (
          <Alert color="red" role="alert">
            {problem.errors[0] ? fieldWords(problem.errors[0]) : (problemWords(problem).detail ?? problemWords(problem).title)}
          </Alert>
        )}
        <dl className={classes.about}>
          <dt>{t("modal.what")}</dt>
          <dd>{t(`kind.${kind}`)}</dd>
          <dt>{t("modal.filters")}</dt>
          <dd>{filterWords(filters)}</dd>
        </dl>
        {note && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
        <div>
          <Text size="sm" fw={550} mb={4} id="export-format">
            {t("modal.format")}
          </Text>
          <SegmentedControl
            aria-labelledby="export-format"
            value={format}
            onChange={(chosen) => setFormat(chosen as ExportFormat)}
            data={formats.map((each) => ({ value: each, label: t(`format.${each}`) }))}
          />
        </div>
        {mayContact && (
          <Radio.Group label={t("modal.use")} value={use} onChange={(chosen) => setUse(chosen as ExportCreate["use"])}>
            <Stack gap="sm" mt={6}>
              {(["INTERNAL", "CONTACT"] as const).map((each) => (
                <Radio key={each} value={each} label={t(`modal.use_${each}`)} description={t(`modal.use_${each}_help`)} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {!mayContact && (
          <Text size="sm" c="dimmed">
            {t("modal.use_INTERNAL_help")}
          </Text>
        )}
        {use === "CONTACT" && (
          <>
            <Group grow gap="md">
              <Select
                label={t("modal.purpose")}
                allowDeselect={false}
                value={purpose}
                onChange={(chosen) => chosen && setPurpose(chosen as Purpose)}
                data={purposes.map((each) => ({ value: each, label: tc(`purpose.${each}`) }))}
              />
              <Select
                label={t("modal.channel")}
                allowDeselect={false}
                value={channel}
                onChange={(chosen) => chosen && setChannel(chosen as Channel)}
                data={channels.map((each) => ({ value: each, label: tc(`channel.${each}`) }))}
              />
            </Group>
            <Alert color="ink" icon={<IconShieldCheck size={18} />}>
              {t("modal.left_out")} {t("modal.as_of")}
            </Alert>
          </>
        )}
        <Textarea
          label={t("modal.reason")}
          description={t("modal.reason_help")}
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={reasonError ? fieldWords(reasonError) : wasAsked && isReasonShort && t("modal.reason_needed")}
          data-autofocus
        />
        <Group gap="sm" justify="flex-end">
          <Button onClick={onClose}>{tc("act.cancel")}</Button>
          <Button variant="filled" loading={request.isPending} onClick={ask}>
            {t("act")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
