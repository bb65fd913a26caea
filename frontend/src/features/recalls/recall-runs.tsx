/** Every past run of a recall, newest first. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/lib/formats";
import { type Column, DataTable, Pager } from "@/ui/data-table";
import { EmptyFace, Loaded } from "@/ui/faces";
import { Panel } from "@/ui/panel";
import { type Run, runsQuery } from "./queries";
import { RunBar } from "./recall-list";

export function RecallRuns({ id }: { id: string }) {
  const { t } = useTranslation("recalls");
  const { number, relativeDay } = useFormats();
  const [cursor, setCursor] = useState<string>();
  const query = useQuery(runsQuery(id, cursor));
  const figure = (key: "sent" | "skipped" | "control"): Column<Run> => ({
    key,
    header: t(`runs.${key}`),
    align: "right",
    render: (run) => number(run[key]),
  });
  const columns: Column<Run>[] = [
    {
      key: "on",
      header: t("runs.day"),
      render: (run) =>
        run.touch_id ? (
          <Link to="/messages" search={{ touch: run.touch_id }}>
            {relativeDay(run.on)}
          </Link>
        ) : (
          relativeDay(run.on)
        ),
    },
    { key: "bar", header: "", width: 260, isSecondary: true, render: (run) => <RunBar run={run} /> },
    figure("sent"),
    figure("skipped"),
    figure("control"),
  ];
  return (
    <Panel title={t("tab.past")}>
      <Loaded query={query}>
        {(page) =>
          page.items.length ? (
            <>
              <DataTable label={t("tab.past")} columns={columns} rows={page.items} rowKey={(run) => run.on} isStale={query.isPlaceholderData} />
              <Pager nextCursor={page.next_cursor} previousCursor={page.prev_cursor} onCursor={setCursor} />
            </>
          ) : (
            <EmptyFace icon={<IconHistory size={28} stroke={1.5} />} title={t("runs.empty")} detail={t("runs.empty_detail")} />
          )
        }
      </Loaded>
    </Panel>
  );
}
