import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useMay } from "@/api/me";
import { TasksPanel } from "@/features/activity/tasks-panel";
import { CallbacksPanel } from "@/features/calls/callbacks-panel";
import { waitingOptions } from "@/features/calls/queries";
import { dueOptions, mostRows, recallTemplatesOptions, type DueItem } from "@/features/today/queries";
import { TodayPage } from "@/features/today/today-page";
import type { Recipient } from "@/features/writing/template-select";
import { tellProblem } from "@/ui/toast";

// Needed at the first press of «Scrivi», not before.
const WriteAllModal = lazy(() => import("@/features/writing/write-all-modal").then((file) => ({ default: file.WriteAllModal })));
const WriteDrawer = lazy(() => import("@/features/writing/write-drawer").then((file) => ({ default: file.WriteDrawer })));

export const Route = createFileRoute("/_shell/")({ component: TodayRoute });

function TodayRoute() {
  const queryClient = useQueryClient();
  const callbacks = useQuery({ ...waitingOptions, enabled: useMay("calls:write") }).data?.callbacks;
  const [one, setOne] = useState<Recipient | null>(null);
  const templates = useQuery(recallTemplatesOptions);
  const recipient = (person: DueItem): Recipient => ({
    id: person.customer_id,
    name: person.full_name,
    channel: person.channel,
    templateId: templates.data?.get(person.recall_id),
  });
  const [several, setSeveral] = useState<Recipient[] | null>(null);
  const gather = useMutation({
    mutationFn: () => queryClient.fetchQuery(dueOptions(mostRows)),
    onSuccess: (due) => setSeveral(due.items.filter((person) => person.action === "write").map(recipient)),
    onError: tellProblem,
  });
  return (
    <>
      <TodayPage
        tasks={
          <>
            {callbacks && <CallbacksPanel callbacks={callbacks} isElsewhere />}
            <TasksPanel />
          </>
        }
        onWrite={(person) => setOne(recipient(person))}
        onWriteAll={gather.mutate}
        isPreparing={gather.isPending}
      />
      <Suspense>
        {one && <WriteDrawer recipient={one} onClose={() => setOne(null)} />}
        {several && <WriteAllModal recipients={several} onClose={() => setSeveral(null)} />}
      </Suspense>
    </>
  );
}
