import { createFileRoute } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ExportButton } from "@/features/exports/export-button";
import { MessageList } from "@/features/messages/message-list";
import type { MessageFilter } from "@/features/messages/queries";

type Search = Omit<MessageFilter, "cursor"> & { after?: string; message?: string };

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const Route = createFileRoute("/_shell/messages")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    status: text(search.status) as MessageFilter["status"],
    reason: text(search.reason),
    touch: text(search.touch),
    channel: text(search.channel) as MessageFilter["channel"],
    day: text(search.day),
    after: text(search.after),
    message: text(search.message),
  }),
  component: MessagesRoute,
});

function MessagesRoute() {
  const { after, message, ...filter } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { t } = useTranslation("exports");
  const { touch, day, ...unheeded } = filter;
  return (
    <MessageList
      filter={{ ...filter, cursor: after }}
      onFilter={({ cursor, ...next }) => void navigate({ search: { ...next, after: cursor } })}
      opened={message}
      exporting={
        <ExportButton
          kind="messages"
          filters={{ touch_id: touch, from_on: day, to_on: day }}
          note={Object.values(unheeded).some(Boolean) && t("modal.status_note")}
        />
      }
      onClose={() => void navigate({ search: { ...filter, after } })}
    />
  );
}
