import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { TasksPanel } from "@/features/activity/tasks-panel";
import { recallTemplatesOptions, type DueItem } from "@/features/today/queries";
import { TodayPage } from "@/features/today/today-page";
import { WriteAllModal } from "@/features/writing/write-all-modal";
import type { Recipient } from "@/features/writing/template-select";
import { WriteDrawer } from "@/features/writing/write-drawer";

export const Route = createFileRoute("/_shell/")({ component: TodayRoute });

function TodayRoute() {
  const [one, setOne] = useState<Recipient | null>(null);
  const templates = useQuery(recallTemplatesOptions);
  const recipient = (person: DueItem): Recipient => ({
    id: person.customer_id,
    name: person.full_name,
    channel: person.channel,
    templateId: templates.data?.get(person.recall_id),
  });
  const [several, setSeveral] = useState<Recipient[] | null>(null);
  return (
    <>
      <TodayPage
        tasks={<TasksPanel />}
        onWrite={(person) => setOne(recipient(person))}
        onWriteAll={(people) => setSeveral(people.map(recipient))}
      />
      <WriteDrawer recipient={one} onClose={() => setOne(null)} />
      <WriteAllModal recipients={several} onClose={() => setSeveral(null)} />
    </>
  );
}
