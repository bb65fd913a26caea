/** Whether the ledgers still agree with their chains and seals, as of the last night (C-13, S-16). */
import { Text } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconShieldX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { Why } from "@/ui/why";
import classes from "./audit.module.css";
import { proofsQuery, type ProofRun } from "./queries";

const ledgers = ["consents", "audit"] as const;

export function ProofPanel() {
  const { t } = useTranslation("audit");
  const query = useQuery(proofsQuery);
  return (
    <Panel title={t("proof.title")} note={t("proof.note")}>
      <Loaded query={query}>
        {(runs) => ledgers.map((kind) => <Ledger key={kind} kind={kind} run={runs.find((each) => each.kind === kind && each.finished_at)} />)}
      </Loaded>
    </Panel>
  );
}

function Ledger({ kind, run }: { kind: (typeof ledgers)[number]; run: ProofRun | undefined }) {
  const { t } = useTranslation("audit");
  const { number, moment } = useFormats();
  return (
    <PanelRow className={classes.ledger}>
      <div>
        <Text fw={600}>{t(`proof.ledger.${kind}`)}</Text>
        <Text size="sm" c="dimmed">
          {run?.finished_at ? t("proof.checked", { count: run.checked_count, formatted: number(run.checked_count), when: moment(run.finished_at) }) : t("proof.never_detail")}
        </Text>
      </div>
      {!run && <ToneBadge tone="quiet" icon={IconCircleDashed} word={t("proof.never")} />}
      {run && run.fault_count === 0 && <ToneBadge tone="good" icon={IconCircleCheck} word={t("proof.whole")} />}
      {run && run.fault_count > 0 && (
        <Why
          label={t("proof.faults", { count: run.fault_count })}
          explanation={{
            sentence: t("proof.faults", { count: run.fault_count }),
            facts: run.faults.map((fault) => ({
              label: t(`fault.${fault.fault}`, { defaultValue: fault.fault }),
              value: fault.entry_id ?? (fault.customer_id ? `${fault.customer_id} · ${fault.seq}` : (fault.seal ?? fault.seq)),
            })),
            remedy: t("proof.remedy"),
          }}
          width={460}
        >
          <ToneBadge tone="bad" icon={IconShieldX} word={t("proof.faults", { count: run.fault_count })} />
        </Why>
      )}
    </PanelRow>
  );
}
