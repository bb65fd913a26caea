/** The form as it is read and signed; printed alone, it is the paper whose scan becomes the evidence. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { Panel } from "@/ui/panel";
import classes from "./notices.module.css";
import type { FormVersion } from "./queries";

export function FormPreview({ version, language }: { version: FormVersion; language: string }) {
  const { t } = useTranslation("notices");
  const { t: tp } = useTranslation("notices", { lng: language });
  const { t: tc } = useTranslation("common", { lng: language });
  const { business } = useMe();
  const text = version.texts[language];
  return (
    <Panel aria-label={t("form.preview")} className={classes.paperPanel}>
      <div className={classes.paper} lang={language}>
        <Text size="xs" c="dimmed">
          {business.name}
        </Text>
        <h2>{text?.title ?? version.name}</h2>
        {text?.introduction && <p>{text.introduction}</p>}
        <div className={classes.line}>
          <span>{tp("form.paper.name")}</span>
          <span>{tp("form.paper.contact")}</span>
        </div>
        {version.boxes.map((box, place) => (
          <div key={place} className={classes.box}>
            <p>{box.texts[language] ?? Object.values(box.texts)[0] ?? box.notice}</p>
            <div className={classes.ticks}>
              {(box.channels.length ? box.channels : [null]).map((channel) => (
                <span key={channel ?? "one"}>
                  {channel && <b>{tc(`channel.${channel}`)}</b>} <i aria-hidden /> {tp("form.paper.yes")} <i aria-hidden /> {tp("form.paper.no")}
                </span>
              ))}
            </div>
          </div>
        ))}
        <div className={classes.line}>
          <span>{tp("form.paper.date")}</span>
          <span>{tp("form.paper.signature")}</span>
        </div>
        <Text size="xs" c="dimmed">
          {tp("form.paper.foot", { version: version.version })}
        </Text>
      </div>
    </Panel>
  );
}
