/** The gate, questioned: any purpose, channel and moment, and what each of its steps found (D-02). Nothing is sent. */
import { Checkbox, Drawer, Group, Select, Stack, Text } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { IconBan, IconCircleCheck, IconClockPause, IconEye, IconMinus, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded, SkeletonRows } from "@/ui/faces";
import { PermissionBadge } from "@/ui/permission-badge";
import classes from "@/features/card/card.module.css";
import { explanationOptions, type GateStep, type Question } from "./queries";

const purposes: Question["purpose"][] = ["MKT_OWN", "MARKET_RESEARCH", "SERVICE", "LOYALTY", "LEGAL_SAFETY", "PROFILING", "THIRD_PARTY", "TRACK_OPEN", "TRACK_CLICK"];
const channels: NonNullable<Question["channel"]>[] = ["EMAIL", "SMS", "WHATSAPP", "PHONE_OPERATOR", "PHONE_AUTO", "PUSH", "POST", "FAX"];
/** These hold for every channel at once. */
const withoutChannel = new Set<Question["purpose"]>(["PROFILING", "THIRD_PARTY", "TRACK_OPEN", "TRACK_CLICK"]);

type Props = { customerId: string; isOpen: boolean; onClose: () => void };

export function GateDrawer({ customerId, isOpen, onClose }: Props) {
  const { t } = useTranslation("card");
  return (
    <Drawer opened={isOpen} onClose={onClose} title={t("gate.title")} position="right" size="lg">
      {isOpen && <Asking customerId={customerId} />}
    </Drawer>
  );
}

function Asking({ customerId }: { customerId: string }) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const [purpose, setPurpose] = useState<Question["purpose"]>("MKT_OWN");
  const [channel, setChannel] = useState<NonNullable<Question["channel"]>>("EMAIL");
  const [usesPurchases, setUsesPurchases] = useState(false);
  const [moment, setMoment] = useState<string | null>(null);
  const question: Question = {
    customer_id: customerId,
    purpose,
    channel: withoutChannel.has(purpose) ? null : channel,
    similarity_group: "*",
    uses_purchases: usesPurchases,
    is_own_product: true,
    is_urgent: false,
    to_heirs: false,
    ...(moment ? { at: new Date(moment.replace(" ", "T")).toISOString() } : {}),
  };
  const explanation = useQuery(explanationOptions(question));
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t("gate.lead")}
      </Text>
      <Group grow align="flex-end">
        <Select
          label={t("gate.purpose")}
          value={purpose}
          onChange={(value) => value && setPurpose(value as Question["purpose"])}
          allowDeselect={false}
          data={purposes.map((value) => ({ value, label: tc(`purpose.${value}`) }))}
        />
        <Select
          label={t("gate.channel")}
          value={withoutChannel.has(purpose) ? null : channel}
          placeholder={tc("channel.all")}
          disabled={withoutChannel.has(purpose)}
          onChange={(value) => value && setChannel(value as NonNullable<Question["channel"]>)}
          allowDeselect={false}
          data={channels.map((value) => ({ value, label: tc(`channel.${value}`) }))}
        />
      </Group>
      <Group align="flex-end" justify="space-between">
        <DateTimePicker label={t("gate.at")} placeholder={t("gate.now")} value={moment} onChange={setMoment} clearable valueFormat="D MMM YYYY HH:mm" w={230} />
        <Checkbox label={t("gate.uses_purchases")} checked={usesPurchases} onChange={(event) => setUsesPurchases(event.currentTarget.checked)} pb={8} />
      </Group>
      <Loaded query={explanation} skeleton={<SkeletonRows rows={8} height={36} />}>
        {(answer) => (
          <>
            <div className={classes.gateAnswer} aria-live="polite">
              <PermissionBadge family={answer.decision.family} when={answer.decision.until ? formats.from(answer.decision.until) : null} />
              <div>
                <Text fw={600}>{answer.decision.sentence}</Text>
                {answer.decision.verdict !== "ALLOW" && (
                  <Text size="sm" c="dimmed">
                    {answer.decision.remedy}
                  </Text>
                )}
                <Text size="xs" c="dimmed">
                  {[answer.decision.rule_id, answer.decision.reason, t("gate.country", { country: answer.country }), formats.moment(answer.at)].filter(Boolean).join(" · ")}
                </Text>
              </div>
            </div>
            <ol className={classes.gateSteps}>
              {answer.steps.map((step) => (
                <Step key={step.gate} step={step} />
              ))}
            </ol>
          </>
        )}
      </Loaded>
    </Stack>
  );
}

const icons: Record<GateStep["passage"], Icon> = {
  passed: IconCircleCheck,
  denied: IconBan,
  deferred: IconClockPause,
  review: IconEye,
  not_asked: IconMinus,
};

function Step({ step }: { step: GateStep }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const Drawn = icons[step.passage];
  // A step that found nothing in the way has nothing to add to its own name.
  const says = step.passage === "passed" ? step.evidence.length > 0 || step.basis !== "NONE" : step.passage !== "not_asked";
  return (
    <li className={classes.gateStep} data-passage={step.passage}>
      <Drawn size={16} stroke={2} aria-hidden />
      <code>{step.gate}</code>
      <div>
        <Text size="sm" fw={step.passage === "denied" || step.passage === "review" ? 600 : 400}>
          {step.title} <span className="visually-hidden">{t(`gate.passage.${step.passage}`)}</span>
        </Text>
        {says && (
          <Text size="xs" c="dimmed">
            {[step.sentence, ...step.evidence.map((proof) => [proof.label, proof.at && formats.day(proof.at)].filter(Boolean).join(" "))].join(" · ")}
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" className={classes.gateRule}>
        {step.rule_id !== step.gate && step.rule_id}
      </Text>
    </li>
  );
}
