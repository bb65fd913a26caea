import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { TasksPanel } from "@/features/activity/tasks-panel";
import type { DueItem } from "@/features/today/queries";
import { TodayPage } from "@/features/today/today-page";
import { WriteAllModal } from "@/features/writing/write-all-modal";
import { WriteDrawer, type Recipient } from "@/features/writing/write-drawer";

export const Route = createFileRoute("/_shell/")({ component: TodayRoute });

const recipient = (person: DueItem): Recipient => ({ id: person.customer_id, name: person.full_name, channel: person.channel });

function TodayRoute() {
  const [one, setOne] = useState<Recipient | null>(null);
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
