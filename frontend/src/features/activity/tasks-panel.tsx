import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Loaded } from "@/ui/faces";
import { Panel } from "@/ui/panel";
import { tasksOptions } from "./queries";
import { TaskList } from "./task-list";

export function TasksPanel() {
  const { t } = useTranslation("activity");
  const tasks = useQuery(tasksOptions);
  return (
    <Panel title={t("tasks")} count={tasks.data?.items.length}>
      <Loaded query={tasks}>{(page) => <TaskList tasks={page.items} />}</Loaded>
    </Panel>
  );
}
