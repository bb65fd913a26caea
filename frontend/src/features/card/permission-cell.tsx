import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { PermissionBadge } from "@/ui/permission-badge";
import { Why } from "@/ui/why";
import type { ConsentSaid } from "./consent-queries";
import type { Cell } from "./queries";

type Props = {
  cell: Cell;
  purpose: ConsentSaid["purpose"];
  at: string;
  onRecord?: (asked: { purpose: ConsentSaid["purpose"]; channel: Cell["channel"] }) => void;
  onObject?: () => void;
};

/** What a person may say about: the rest rests on the contract or the law. */
const asked = new Set(["MKT_OWN", "PROFILING", "THIRD_PARTY", "MARKET_RESEARCH", "TRACK_OPEN", "TRACK_CLICK", "LOYALTY", "SPECIAL_CAT"]);

export function PermissionCell({ cell, purpose, at, onRecord, onObject }: Props) {
  const { t } = useTranslation("card");
  const { t: tc } = useTranslation();
  const formats = useFormats();
  const channel = cell.channel ? tc(`channel.${cell.channel}`) : tc("channel.all");
  const canRecord = onRecord && asked.has(purpose);
  return (
    <Why
      label={t("cell_label", { channel, purpose: tc(`purpose.${purpose}`), answer: tc(`family.${cell.family}`), sentence: cell.sentence })}
      explanation={{
        sentence: cell.sentence,
        facts: [
          ...(cell.basis && cell.basis !== "NONE" ? [{ label: t("basis.label"), value: t(`basis.${cell.basis}`, { defaultValue: cell.basis }) }] : []),
          ...(cell.until ? [{ label: t("possible_from"), value: formats.moment(cell.until) }] : []),
        ],
        remedy: cell.verdict === "ALLOW" ? undefined : cell.remedy,
        evidence: cell.evidence.map((proof) => ({ label: proof.label, at: proof.at ? formats.day(proof.at) : undefined })),
        asOf: formats.moment(at),
        code: [cell.rule_id, cell.reason].filter(Boolean).join(" · "),
      }}
      actions={
        canRecord &&
        ((close) => (
          <Group gap="sm" mt="md">
            <Button
              size="xs"
              onClick={() => {
                close();
                onRecord({ purpose, channel: cell.channel });
              }}
            >
              {t("record")}
            </Button>
            {cell.family !== "said_no" && onObject && (
              <Button
                size="xs"
                variant="subtle"
                onClick={() => {
                  close();
                  onObject();
                }}
              >
                {t("object")}
              </Button>
            )}
          </Group>
        ))
      }
    >
      <PermissionBadge family={cell.family} when={cell.until ? formats.from(cell.until) : null} />
    </Why>
  );
}
