import { Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { Loaded } from "@/ui/faces";
import { Panel, PanelBody } from "@/ui/panel";
import classes from "./accountability.module.css";
import { gapsQuery, type Gap } from "./queries";

/** What is in use but not registered comes first: until its row exists nothing new of it can be activated (C-34). */
export function GapsPanel() {
  const { t } = useTranslation("accountability");
  const query = useQuery(gapsQuery);
  return (
    <Panel title={t("gaps.title")} highlighted={!!query.data?.unregistered.length}>
      <Loaded query={query}>
        {({ unregistered, unused }) => (
          <PanelBody>
            {unregistered.length + unused.length === 0 ? (
              <Text size="sm" c="dimmed">
                <IconCircleCheck size={15} stroke={1.75} color="var(--allowed)" aria-hidden style={{ verticalAlign: -3 }} /> {t("gaps.none")}
              </Text>
            ) : (
              <ul className={classes.gaps}>
                {unregistered.map((gap) => (
                  <GapRow key={`${gap.kind}-${gap.code}`} gap={gap} isUsed />
                ))}
                {unused.map((gap) => (
                  <GapRow key={`unused-${gap.kind}-${gap.code}`} gap={gap} />
                ))}
              </ul>
            )}
          </PanelBody>
        )}
      </Loaded>
    </Panel>
  );
}

function GapRow({ gap, isUsed = false }: { gap: Gap; isUsed?: boolean }) {
  const { t } = useTranslation("accountability");
  const { list } = useFormats();
  // A processor stands in a list of its own: what it lacks is a row that names it.
  const isIdle = !isUsed && gap.kind === "PROCESSOR";
  const placeWords = (place: string) => {
    const [word = "", ...code] = place.split(" ");
    return t(`gaps.place.${word}`, { code: code.join(" "), defaultValue: place });
  };
  return (
    <li>
      {isUsed ? <IconAlertTriangle size={18} stroke={1.75} color="var(--deferred)" aria-hidden /> : <IconCircleDashed size={18} stroke={1.75} aria-hidden />}
      <div>
        <Text size="sm" fw={isUsed ? 600 : 400}>
          {isIdle ? t("gaps.unused_processor", { label: gap.label }) : t(isUsed ? "gaps.unregistered" : "gaps.unused", { kind: t(`gaps.kind.${gap.kind}`), label: gap.label })}
        </Text>
        {gap.found_in.length > 0 && !isIdle && (
          <Text size="xs" c="dimmed">
            {t(isUsed ? "gaps.used_in" : "gaps.written_in", { places: list(gap.found_in.map(placeWords)) })}
          </Text>
        )}
      </div>
    </li>
  );
}
