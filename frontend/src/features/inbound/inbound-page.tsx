/** `/inbound`: what came back by mail and by text. First what waits for a person, the rest on request. */
import { Button, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { PageHeader } from "@/ui/page-header";
import { Panel } from "@/ui/panel";
import classes from "./inbound.module.css";
import { mailKinds } from "./kinds";
import { MailDrawer } from "./mail-drawer";
import { MailList } from "./mail-list";
import { type InboundFilter, type MailKind, mailsQuery, textsQuery } from "./queries";
import { TextList } from "./text-list";

type Props = {
  filter: InboundFilter;
  onFilter: (filter: InboundFilter) => void;
  /** The mail or the text that is open. */
  opened?: string;
  onClose: () => void;
};

export function InboundPage({ filter, onFilter, opened, onClose }: Props) {
  const { t } = useTranslation("inbound");
  return (
    <>
      <PageHeader documentTitle={t("document")} title={<Title />} subtitle={t("subtitle")} />
      <Panel aria-label={t("document")}>
        <Filters filter={filter} onFilter={onFilter} />
        {filter.by === "texts" ? (
          <TextList filter={filter} onFilter={onFilter} opened={opened} onClose={onClose} />
        ) : (
          <>
            <MailList filter={filter} onFilter={onFilter} />
            <MailDrawer id={opened} onClose={onClose} />
          </>
        )}
      </Panel>
    </>
  );
}

/** How many wait, by either way. */
function useWaiting() {
  const mails = useQuery(mailsQuery({})).data?.total ?? null;
  const texts = useQuery(textsQuery({})).data?.total ?? null;
  return { mails, texts };
}

function Title() {
  const { t } = useTranslation("inbound");
  const { number } = useFormats();
  const { mails, texts } = useWaiting();
  if (mails === null || texts === null) return <>{t("document")}</>;
  const count = mails + texts;
  return <>{count ? t("title", { count, formatted: number(count) }) : t("title_none")}</>;
}

function Filters({ filter, onFilter }: Pick<Props, "filter" | "onFilter">) {
  const { t } = useTranslation(["inbound", "common"]);
  const { number } = useFormats();
  const waiting = useWaiting();
  const isFiltered = filter.show !== undefined || filter.kind !== undefined;
  const labelOf = (by: "mails" | "texts") => (waiting[by] ? t("by.with_count", { by: t(`by.${by}`), count: number(waiting[by]) }) : t(`by.${by}`));
  return (
    <div className={classes.filters}>
      <SegmentedControl
        aria-label={t("by.label")}
        value={filter.by ?? "mails"}
        onChange={(by) => onFilter({ by: by === "texts" ? by : undefined, show: filter.show })}
        data={[
          { value: "mails", label: labelOf("mails") },
          { value: "texts", label: labelOf("texts") },
        ]}
      />
      <SegmentedControl
        aria-label={t("show.label")}
        value={filter.show ?? "waiting"}
        onChange={(show) => onFilter({ ...filter, cursor: undefined, show: show === "all" ? show : undefined })}
        data={[
          { value: "waiting", label: t("show.waiting") },
          { value: "all", label: t("show.all") },
        ]}
      />
      {filter.by !== "texts" && (
        <Select
          w={220}
          aria-label={t("filter.kind")}
          placeholder={t("filter.every_kind")}
          clearable
          value={filter.kind ?? null}
          onChange={(kind) => onFilter({ ...filter, cursor: undefined, kind: (kind as MailKind) ?? undefined })}
          data={mailKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
      )}
      {isFiltered && (
        <Button variant="subtle" onClick={() => onFilter({ by: filter.by })}>
          {t("filter.clear")}
        </Button>
      )}
    </div>
  );
}
