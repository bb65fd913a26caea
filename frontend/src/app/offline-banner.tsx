import { useNetwork } from "@mantine/hooks";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./offline-banner.module.css";

export function OfflineBanner() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && (
        <div className={classes.banner}>
          <IconCloudOff size={16} stroke={1.75} aria-hidden /> {t("face.offline")}
        </div>
      )}
    </div>
  );
}
