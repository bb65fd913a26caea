/** `/privacy/notices/$id?v=&language=`: one notice, its versions, and what each changed of the one before. */
import { Button, SegmentedControl, Switch, Text } from "@mantine/core";
import { IconAlertTriangle, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/api/me";
import { Problem } from "@/api/problem";
import { useFormats } from "@/lib/formats";
import { diffTexts } from "@/lib/text-diff";
import { Loaded, ProblemFace } from "@/ui/faces";
import { Fact, PageHeader } from "@/ui/page-header";
import { Panel, PanelBody } from "@/ui/panel";
import { ToneBadge } from "@/ui/tone-badge";
import { NewVersionForm } from "./notice-forms";
import classes from "./notices.module.css";
import { noticesQuery, type Notice, type NoticeVersion } from "./queries";
import { before, languagesOf, numbersOf, versionIn } from "./versions";

export type NoticeSearch = { v?: number; language?: string; diff?: boolean };
type Props = { id: string; search: NoticeSearch; onSearch: (change: NoticeSearch) => void };

export function NoticePage(props: Props) {
  const { t } = useTranslation("notices");
  const query = useQuery(noticesQuery);
  return (
    <Loaded query={query}>
      {(notices) => {
        const notice = notices.find((each) => each.id === props.id);
        return notice ? <Opened {...props} notice={notice} /> : <ProblemFace error={new Problem(404, "notice-not-found", t("empty"))} />;
      }}
    </Loaded>
  );
}

function Opened({ notice, search, onSearch }: Props & { notice: Notice }) {
  const { t, i18n } = useTranslation("notices");
  const { t: tc } = useTranslation();
  const { day } = useFormats();
  const mayPublish = useMay("consents:publish");
  const [isWriting, setWriting] = useState(false);
  const number = search.v ?? notice.current_version?.version ?? numbersOf(notice)[0] ?? 1;
  const languages = languagesOf(notice);
  const language = search.language ?? (languages.includes(i18n.language) ? i18n.language : (languages[0] ?? "it"));
  const shown = versionIn(notice, number, language);
  return (
    <>
      <PageHeader
        documentTitle={t("document")}
        eyebrow={<Link to="/privacy/notices">{t("document")}</Link>}
        title={notice.name}
        beside={<Fact>{tc(`purpose.${notice.purpose}`)}</Fact>}
        subtitle={notice.current_version ? `${t("version_title", { version: notice.current_version.version })}, ${t("since", { date: day(notice.current_version.effective_from) })}` : t("not_in_force")}
        actions={
          mayPublish && (
            <Button variant="filled" leftSection={<IconPencil size={16} stroke={1.75} />} onClick={() => setWriting(true)}>
              {t("new_version")}
            </Button>
          )
        }
      />
      <div className={classes.columns}>
        {shown ? <VersionText notice={notice} version={shown} search={search} onSearch={onSearch} languages={languages} /> : <Panel />}
        <Versions notice={notice} shown={number} onShow={(v) => onSearch({ ...search, v })} />
      </div>
      {isWriting && (
        <NewVersionForm
          notice={notice}
          language={language}
          onClose={() => setWriting(false)}
          onPublished={(v) => {
            setWriting(false);
            onSearch({ v });
          }}
        />
      )}
    </>
  );
}

type TextProps = { notice: Notice; version: NoticeVersion; languages: string[] } & Pick<Props, "search" | "onSearch">;

function VersionText({ notice, version, languages, search, onSearch }: TextProps) {
  const { t } = useTranslation("notices");
  const older = before(notice, version);
  return (
    <Panel
      title={t("version_title", { version: version.version })}
      more={
        languages.length > 1 && (
          <SegmentedControl
            aria-label={t("field.language")}
            value={version.language}
            onChange={(language) => onSearch({ ...search, language })}
            data={languages.map((each) => ({ value: each, label: t(`language.${each}`, { defaultValue: each }) }))}
          />
        )
      }
    >
      <PanelBody>
        {older && (
          <Switch
            mb="sm"
            size="sm"
            label={t("compare", { version: older.version })}
            checked={search.diff ?? false}
            onChange={(event) => onSearch({ ...search, diff: event.currentTarget.checked || undefined })}
          />
        )}
        <div className={classes.text} lang={version.language}>
          {older && search.diff ? <Diff older={older.text} newer={version.text} /> : version.text}
        </div>
        <div className={classes.facts} style={{ marginTop: 10 }}>
          <Fact>{t(version.offers_opt_out ? "opt_out_yes" : "opt_out_no")}</Fact>
          {languages
            .filter((each) => !notice.versions.some((text) => text.version === version.version && text.language === each))
            .map((each) => (
              <ToneBadge key={each} tone="wait" icon={IconAlertTriangle} word={t("missing_language", { language: t(`language.${each}`, { defaultValue: each }) })} />
            ))}
          <Text size="xs" c="dimmed" className={classes.hash}>
            {t("fingerprint", { hash: version.text_sha256 })}
          </Text>
        </div>
      </PanelBody>
    </Panel>
  );
}

function Diff({ older, newer }: { older: string; newer: string }) {
  return (
    <>
      {diffTexts(older, newer).map(({ kind, text }, place) =>
        kind === "same" ? <span key={place}>{text}</span> : kind === "new" ? <ins key={place}>{text}</ins> : <del key={place}>{text}</del>,
      )}
    </>
  );
}

function Versions({ notice, shown, onShow }: { notice: Notice; shown: number; onShow: (version: number) => void }) {
  const { t } = useTranslation("notices");
  const { day, list } = useFormats();
  return (
    <Panel title={t("versions")}>
      <ol className={classes.versions}>
        {numbersOf(notice).map((number) => {
          const texts = notice.versions.filter(({ version }) => version === number);
          return (
            <li key={number}>
              <button type="button" onClick={() => onShow(number)} aria-current={number === shown || undefined}>
                <b>{t("version_title", { version: number })}</b>
                <span>
                  {t("since", { date: day(texts[0]?.effective_from ?? "") })} · {list(texts.map(({ language }) => t(`language.${language}`, { defaultValue: language })))}
                  {notice.current_version?.version === number && ` · ${t("in_force")}`}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
