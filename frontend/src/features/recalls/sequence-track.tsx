/** The path of one message, step by step; the same words are its sentence for who cannot see it. */
import { Text } from "@mantine/core";
import { IconBell, IconCircleDashed, IconMoon, IconSend, IconShieldCheck, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Panel, PanelBody } from "@/ui/panel";
import type { Setup } from "./queries";
import classes from "./recalls.module.css";

export function SequenceTrack({ setup }: { setup: Setup }) {
  const { t } = useTranslation("recalls");
  const { percent } = useFormats();
  const share = Number(setup.control_share);
  const values = { from: setup.send_from, until: setup.send_until, days: setup.cooldown_days, share: percent(share, 0), count: setup.lead_days };
  const steps: [Icon, string, boolean][] = [
    [IconBell, t(setup.lead_days > 0 ? "track.due_before" : "track.due", values), false],
    [IconShieldCheck, t("track.gate"), false],
    ...(share > 0 ? [[IconCircleDashed, t("track.control", values), true] as [Icon, string, boolean]] : []),
    [IconSend, t("track.send", values), false],
    [IconMoon, t("track.rest", values), true],
  ];
  return (
    <Panel title={t("track.title")}>
      <PanelBody>
        <ol className={classes.track}>
          {steps.map(([Drawn, words, isQuiet]) => (
            <li key={words}>
              <span className={classes.node} data-quiet={isQuiet || undefined}>
                <Drawn size={17} stroke={1.75} aria-hidden />
              </span>
              <Text className={classes.words}>{words}</Text>
            </li>
          ))}
        </ol>
      </PanelBody>
    </Panel>
  );
}
