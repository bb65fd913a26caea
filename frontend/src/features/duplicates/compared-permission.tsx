/** What both cards say of a permission, and the stricter of the two. */
import { Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { PermissionBadge } from "@/ui/permission-badge";
import { Why } from "@/ui/why";
import type { PermissionLine } from "./choices";
import { Line } from "./compare-rows";
import classes from "./duplicates.module.css";

export function PermissionRow({ line, isNarrow }: { line: PermissionLine; isNarrow: boolean }) {
  return (
    <Line
      label={<PermissionName line={line} />}
      winner={<PermissionBadge family={line.winner.family} />}
      loser={<PermissionBadge family={line.loser.family} />}
      merged={<StricterPermission line={line} />}
      isNarrow={isNarrow}
    />
  );
}

export function PermissionName({ line }: { line: PermissionLine }) {
  const { t: tc } = useTranslation();
  const channels = line.channels.map((channel) => tc(`channel.${channel}`)).join(", ");
  return (
    <>
      {tc(`purpose.${line.purpose}`)}
      {channels && (
        <Text span display="block" size="xs" c="dimmed" fw={400}>
          {channels}
        </Text>
      )}
    </>
  );
}

/** Locked: of two answers the stricter stands, and nobody can choose otherwise. */
export function StricterPermission({ line }: { line: PermissionLine }) {
  const { t } = useTranslation("duplicates");
  const { t: tc } = useTranslation();
  return (
    <span className={classes.locked}>
      <Why
        label={t("compare.stricter_label", { purpose: tc(`purpose.${line.purpose}`), sentence: line.merged.sentence })}
        explanation={{
          sentence: line.merged.sentence,
          facts: [
            { label: t("card_a"), value: line.winner.sentence },
            { label: t("card_b"), value: line.loser.sentence },
          ],
          remedy: line.merged.verdict === "ALLOW" ? undefined : line.merged.remedy,
          code: [line.merged.rule_id, line.merged.reason].filter(Boolean).join(" · "),
        }}
      >
        <PermissionBadge family={line.merged.family} />
      </Why>
      <span className={classes.lock}>
        <IconLock size={13} stroke={1.75} aria-hidden /> {t("compare.stricter")}
      </span>
    </span>
  );
}
