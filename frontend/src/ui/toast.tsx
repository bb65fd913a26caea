/** Short news at the bottom of the page. What can be undone offers it for ten seconds; errors stay until read. */
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import i18next from "i18next";
import { asProblem } from "@/api/problem";
import { problemWords } from "@/lib/problem-words";

export function tell(message: string): void {
  notifications.show({ message, autoClose: 6_000, withBorder: true, role: "status" });
}

export function tellUndoable(message: string, undo: () => void): void {
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        {message}
        <Button
          size="xs"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {i18next.t("act.undo")}
        </Button>
      </Group>
    ),
    autoClose: 10_000,
    withBorder: true,
    role: "status",
  });
}

export function tellProblem(error: unknown): void {
  const words = problemWords(asProblem(error));
  notifications.show({
    title: i18next.t("face.failed_save"),
    message: words.detail ?? words.title,
    icon: <IconAlertTriangle size={18} />,
    color: "red",
    autoClose: false,
    withBorder: true,
    role: "alert",
  });
}
