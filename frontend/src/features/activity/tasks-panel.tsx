import { Text } from "@mantine/core";
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
      <Loaded query={tasks}>
        {(page) =>
          page.items.length > 0 ? (
            <TaskList tasks={page.items} />
          ) : (
            <Text size="sm" c="dimmed" px="lg" pb="md">
              {t("no_tasks")}
            </Text>
          )
        }
      </Loaded>
    </Panel>
  );
}
