/** Who asked to be called again today. They are offered first once their hour has come. */
import { IconPhoneCalling } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel, PanelRow } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import classes from "./calls.module.css";
import type { Waiting } from "./queries";

type Props = {
  callbacks: Waiting["callbacks"];
  /** Away from the list: shows the way to it. */
  isElsewhere?: boolean;
};

export function CallbacksPanel({ callbacks, isElsewhere = false }: Props) {
  const { t } = useTranslation("calls");
  const formats = useFormats();
  if (callbacks.length === 0) return null;
  const now = new Date().toISOString();
  return (
    <Panel
      title={t("callbacks.title")}
      count={formats.number(callbacks.length)}
      more={isElsewhere && <Link to="/calls">{t("callbacks.open")}</Link>}
    >
      {callbacks.map((each) => {
        const isDue = each.due_at <= now;
        return (
          <PanelRow key={each.message_id} className={classes.callback}>
            <Link to="/customers/$customerId" params={{ customerId: each.customer_id }}>
              {each.customer_name || t("no_name")}
            </Link>
            <ToneBadge
              tone={isDue ? "wait" : "quiet"}
              icon={IconPhoneCalling}
              word={t(isDue ? "callbacks.late" : "callbacks.at", { time: formats.time(each.due_at) })}
            />
          </PanelRow>
        );
      })}
    </Panel>
  );
}
