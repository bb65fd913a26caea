import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/ui/panel";
import type { CardTab } from "./card-page";
import classes from "./card.module.css";

const tabs: CardTab[] = ["story", "purchases", "consents", "data"];

export function TabbedPanel({ tab, onTab, children }: { tab: CardTab; onTab: (tab: CardTab) => void; children: ReactNode }) {
  const { t } = useTranslation("card");
  return (
    <Panel>
      <Tabs value={tab} onChange={(value) => value && onTab(value as CardTab)} classNames={{ tab: classes.tab, list: classes.tabs }}>
        <Tabs.List>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>{children}</Tabs.Panel>
      </Tabs>
    </Panel>
  );
}
