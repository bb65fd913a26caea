/** `/templates`: the texts that may leave, and those that may not yet. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconAlertTriangle, IconCircleCheck, IconFileText, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { ChannelIcon } from "@/ui/channel-icon";
import { type Column, DataTable, Pager, rowLink } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { LinkButton } from "@/ui/link-button";
import { OnlyIf } from "@/ui/only-if";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { type Template, templatesQuery } from "./queries";
import classes from "./templates.module.css";

type Props = { cursor?: string; onCursor: (cursor: string | undefined) => void };

export function TemplateList({ cursor, onCursor }: Props) {
  const { t } = useTranslation(["templates", "common"]);
  const query = useQuery(templatesQuery(cursor));
  return (
    <>
      <PageHeader
        documentTitle={t("common:places.templates")}
        title={t("list.title")}
        actions={
          <OnlyIf may="messages:write">
            <LinkButton variant="filled" leftSection={<IconPlus size={16} />} to="/templates/$id" params={{ id: "new" }}>
              {t("list.new")}
            </LinkButton>
          </OnlyIf>
        }
      />
      <Panel aria-label={t("common:places.templates")}>
        <Loaded query={query}>
          {(page) =>
            page.items.length ? (
              <>
                <Templates templates={page.items} isStale={query.isPlaceholderData} />
                <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={onCursor} />
              </>
            ) : (
              <EmptyFace icon={<IconFileText size={28} stroke={1.5} />} title={t("list.empty")} detail={t("list.empty_detail")} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

function Templates({ templates, isStale }: { templates: Template[]; isStale: boolean }) {
  const { t, i18n } = useTranslation(["templates", "common"]);
  const { relativeDay, list } = useFormats();
  const columns: Column<Template>[] = [
    {
      key: "name",
      header: t("list.name"),
      render: (template) => (
        <div className={classes.named}>
          <Link to="/templates/$id" params={{ id: template.id }} className={rowLink}>
            {template.name}
          </Link>
          <Text size="xs" c="dimmed" lineClamp={1}>
            {(template.texts.find((text) => text.language === i18n.language) ?? template.texts[0])?.subject}
          </Text>
        </div>
      ),
    },
    {
      key: "kind",
      header: t("list.kind"),
      width: 190,
      render: (template) => (
        <>
          {t(template.template_class === "MARKETING" ? "editor.class_marketing" : "editor.class_service")}
          <Text size="xs" c="dimmed">
            {t(`common:purpose.${template.purpose}`)}
          </Text>
        </>
      ),
    },
    {
      key: "channel",
      header: t("list.channel"),
      width: 130,
      render: (template) => (
        <span style={{ display: "inline-flex", alignItems: "center", gap: 6 }}>
          <ChannelIcon channel={template.channel} />
          {t(`common:channel.${template.channel}`)}
        </span>
      ),
    },
    {
      key: "languages",
      header: t("list.languages"),
      isSecondary: true,
      render: (template) => list(template.texts.map((text) => t(`editor.language.${text.language}`, { defaultValue: text.language }))),
    },
    { key: "state", header: "", width: 130, render: (template) => <Readiness template={template} /> },
    { key: "updated", header: t("list.updated"), align: "right", isSecondary: true, render: (template) => relativeDay(template.updated_at) },
  ];
  return <DataTable label={t("list.title")} columns={columns} rows={templates} rowKey={(template) => template.id} isStale={isStale} />;
}

function Readiness({ template }: { template: Template }) {
  const { t } = useTranslation("templates");
  const errors = template.problems.filter((problem) => problem.severity === "error").length;
  if (errors > 0 || template.status === "draft") {
    return <ToneBadge tone="bad" icon={IconAlertTriangle} word={t("list.errors", { count: errors })} />;
  }
  return <ToneBadge tone="good" icon={IconCircleCheck} word={t("list.ready")} />;
}
