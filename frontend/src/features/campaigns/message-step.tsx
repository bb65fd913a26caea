/** Step 2: a template that has passed its checks, seen as it arrives. */
import { Radio, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconFileText } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ChannelIcon } from "@/ui/channel-icon";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { MailFrame, MailText } from "@/ui/mail-frame";
import { Panel, PanelBody } from "@/ui/panel";
import classes from "./campaigns.module.css";
import { type Campaign, type CampaignChange, type TemplateChoice, templateChoicesQuery, templatePreviewQuery } from "./queries";

type Props = { campaign: Campaign; onChange: (change: CampaignChange) => void };

export function MessageStep({ campaign, onChange }: Props) {
  const { t } = useTranslation("campaigns");
  const query = useQuery(templateChoicesQuery);
  const chosen = query.data?.find((template) => template.id === campaign.template_id);
  return (
    <div className={classes.pair}>
      <Panel title={t("message.title")} more={<Link to="/templates">{t("message.create")}</Link>}>
        <PanelBody>
          <Loaded query={query}>
            {(templates) =>
              templates.length ? (
                <TemplateChoices
                  templates={templates}
                  chosen={campaign.template_id}
                  isFrozen={campaign.state !== "draft"}
                  onChoose={(id) => onChange({ template_id: id })}
                />
              ) : (
                <NoTemplate />
              )
            }
          </Loaded>
        </PanelBody>
      </Panel>
      <div className={classes.stack}>
        {campaign.template_id && campaign.segment_id && (
          <LinkButton variant="filled" to="/campaigns/$id" params={{ id: campaign.id }} search={{ step: "rehearsal" }}>
            {t("message.go_on")}
          </LinkButton>
        )}
        {chosen && <ChosenPreview template={chosen} />}
      </div>
    </div>
  );
}

function NoTemplate() {
  const { t } = useTranslation("campaigns");
  return (
    <EmptyFace
      icon={<IconFileText size={28} stroke={1.5} />}
      title={t("message.none")}
      detail={t("message.none_detail")}
      action={
        <LinkButton variant="filled" to="/templates">
          {t("message.create")}
        </LinkButton>
      }
    />
  );
}

type ChoicesProps = { templates: TemplateChoice[]; chosen: string | null; isFrozen: boolean; onChoose: (id: string) => void };

function TemplateChoices({ templates, chosen, isFrozen, onChoose }: ChoicesProps) {
  const { t, i18n } = useTranslation(["campaigns", "common"]);
  return (
    <Radio.Group value={chosen} onChange={onChoose} aria-label={t("message.template")}>
      <div className={classes.choices}>
        {templates.map((template) => {
          const hasErrors = template.problems.some((problem) => problem.severity === "error");
          const text = template.texts.find((each) => each.language === i18n.language) ?? template.texts[0];
          return (
            <Radio.Card key={template.id} value={template.id} className={classes.choice} disabled={isFrozen || hasErrors}>
              <Radio.Indicator mt={2} />
              <div className={classes.choiceWords}>
                <Text fw={600}>{template.name}</Text>
                <Text size="xs" c={hasErrors ? "var(--denied)" : "dimmed"} lineClamp={2}>
                  {hasErrors ? t("message.has_errors") : (text?.subject ?? text?.body)}
                </Text>
              </div>
              <Text size="xs" c="dimmed" component="span" style={{ display: "inline-flex", alignItems: "center", gap: 4, whiteSpace: "nowrap" }}>
                <ChannelIcon channel={template.channel} />
                {t(`common:channel.${template.channel}`)} · {t(`common:purpose.${template.purpose}`)}
              </Text>
            </Radio.Card>
          );
        })}
      </div>
    </Radio.Group>
  );
}

function ChosenPreview({ template }: { template: TemplateChoice }) {
  const { t, i18n } = useTranslation("campaigns");
  const query = useQuery(templatePreviewQuery(template, i18n.language));
  return (
    <Panel
      title={t("message.preview")}
      more={
        <Link to="/templates/$id" params={{ id: template.id }}>
          {t("message.open")}
        </Link>
      }
    >
      <PanelBody>
        <Loaded query={query}>
          {(preview) => (
            <>
              {template.is_measured && (
                <Text size="xs" c="dimmed" mb="xs">
                  {t("message.measured")}
                </Text>
              )}
              {preview.subject && (
                <Text fw={600} mb="xs">
                  {preview.subject}
                </Text>
              )}
              {preview.html ? <MailFrame html={preview.html} title={t("message.preview")} height={420} /> : <MailText text={preview.text ?? ""} />}
            </>
          )}
        </Loaded>
      </PanelBody>
    </Panel>
  );
}
