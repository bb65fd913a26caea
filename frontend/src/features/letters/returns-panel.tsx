/**
 * Returned mail, made for a scanner: the focus stays in the field, each code is answered on its own line, and the next one need not
 * wait for the answer. No name is shown: whoever scans does not need one.
 */
import { Radio, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHourglass, IconInfoCircle, IconScan, type Icon } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { problemWords } from "@/lib/problem-words";
import { Panel, PanelBody } from "@/ui/panel";
import classes from "./letters.module.css";
import { type ReturnOutcome, type ReturnReason, returnReasons, useReturn } from "./queries";

type Scan = { key: number; code: string; outcome?: ReturnOutcome | "failed"; words?: string };

const SHOWN = 6;
const marks: Record<ReturnOutcome | "failed", Icon> = {
  noted: IconCircleCheck,
  already_noted: IconInfoCircle,
  misread: IconAlertTriangle,
  not_ours: IconAlertTriangle,
  not_posted: IconAlertTriangle,
  failed: IconAlertTriangle,
};

export function ReturnsPanel() {
  const { t } = useTranslation("letters");
  const { number } = useFormats();
  const [reason, setReason] = useState<ReturnReason>("unknown");
  const [typed, setTyped] = useState("");
  const [scans, setScans] = useState<Scan[]>([]);
  const next = useRef(0);
  const field = useRef<HTMLInputElement>(null);
  const { mutateAsync } = useReturn();
  const noted = scans.filter((scan) => scan.outcome === "noted").length;

  async function note(code: string) {
    const key = next.current++;
    setScans((before) => [{ key, code }, ...before]);
    const settle = (what: Partial<Scan>) => setScans((before) => before.map((scan) => (scan.key === key ? { ...scan, ...what } : scan)));
    try {
      settle({ outcome: await mutateAsync({ code, reason }) });
    } catch (error) {
      const words = problemWords(asProblem(error));
      settle({ outcome: "failed", words: words.detail ?? words.title });
    }
  }

  return (
    <Panel title={t("returns.title")} count={noted > 0 ? t("returns.count", { count: noted, formatted: number(noted) }) : undefined}>
      <PanelBody>
        <Text size="sm" c="dimmed" mb="sm">
          {t("returns.detail")}
        </Text>
        <Radio.Group
          label={t("returns.reason")}
          value={reason}
          onChange={(chosen) => {
            setReason(chosen as ReturnReason);
            field.current?.focus();
          }}
        >
          <div className={classes.reasons}>
            {returnReasons.map((each) => (
              <Radio key={each} value={each} label={t(`returns.reasons.${each}`)} />
            ))}
          </div>
        </Radio.Group>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const code = typed.trim();
            setTyped("");
            field.current?.focus();
            if (code) void note(code);
          }}
        >
          <TextInput
            ref={field}
            mt="md"
            label={t("returns.code")}
            description={t("returns.code_help")}
            leftSection={<IconScan size={16} stroke={1.75} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            enterKeyHint="done"
          />
        </form>
        <ol className={classes.scans} role="log" aria-label={t("returns.log")}>
          {scans.slice(0, SHOWN).map((scan) => (
            <ScanLine key={scan.key} scan={scan} />
          ))}
        </ol>
      </PanelBody>
    </Panel>
  );
}

function ScanLine({ scan }: { scan: Scan }) {
  const { t } = useTranslation("letters");
  const Drawn = scan.outcome ? marks[scan.outcome] : IconHourglass;
  return (
    <li data-outcome={scan.outcome ?? "waiting"}>
      <Drawn size={16} stroke={2} aria-hidden />
      <code>{scan.code}</code>
      <span>{scan.words ?? t(`returns.outcome.${scan.outcome ?? "waiting"}`)}</span>
    </li>
  );
}
