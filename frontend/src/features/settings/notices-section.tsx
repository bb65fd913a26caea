import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/ui/link-button";
import { Panel, PanelBody } from "@/ui/panel";

/** Notices are written in the privacy place; here is only the way there. */
export function NoticesSection() {
  const { t } = useTranslation("settings");
  return (
    <Panel>
      <PanelBody pt="lg">
        <Text mb="md">{t("notices.help")}</Text>
        <LinkButton variant="filled" to="/privacy/notices">
          {t("notices.open")}
        </LinkButton>
      </PanelBody>
    </Panel>
  );
}
