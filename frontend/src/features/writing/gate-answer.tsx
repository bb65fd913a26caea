import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { useReasons } from "@/lib/reasons";
import { PermissionBadge } from "@/ui/permission-badge";
import type { Decision } from "./queries";
import classes from "./writing.module.css";

export function GateAnswer({ decision, channel }: { decision: Decision; channel: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const reasons = useReasons();
  const remedy = decision.remedy || reasons.remedy(decision.reason);
  return (
    <div className={classes.gate} data-family={decision.family}>
      <PermissionBadge
        family={decision.family}
        word={decision.family === "allowed" ? t(`channel.${channel}`) : undefined}
        when={decision.until ? formats.from(decision.until) : null}
      />
      <div>
        <Text size="sm">{decision.sentence || reasons.sentence(decision.reason) || t("family.allowed")}</Text>
        {decision.verdict !== "ALLOW" && remedy && (
          <Text size="xs" c="dimmed">
            {t("why.remedy")}: {remedy}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {[decision.rule_id, decision.reason].filter(Boolean).join(" · ")}
        </Text>
      </div>
    </div>
  );
}
