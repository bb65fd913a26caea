import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

export type Job = {
  id: string;
  kind: string;
  label: string;
  state: "running" | "done" | "failed";
  done: number;
  total: number | null;
  subject_type: string | null;
  subject_id: string | null;
  started_at: string;
  finished_at: string | null;
  failure: string | null;
};
export type Task = {
  id: string;
  kind: string;
  subject_type: string;
  subject_id: string | null;
  details: Record<string, unknown>;
  state: string;
  created_at: string;
};
type Page<T> = { items: T[]; total: number | null };

/** Every 2 s while something runs and the page is in sight, else every 30 s. */
export const jobsOptions = queryOptions({
  queryKey: ["jobs"],
  queryFn: ({ signal }) => answer<Page<Job>>(api.GET("/v1/jobs", { params: { query: { limit: 20 } }, signal })),
  refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? 2_000 : 30_000),
  placeholderData: keepPreviousData,
});

export const tasksOptions = queryOptions({
  queryKey: ["tasks", "open"],
  queryFn: ({ signal }) => answer<Page<Task>>(api.GET("/v1/tasks", { params: { query: { state: "open", limit: 50 } }, signal })),
  refetchInterval: 30_000,
});

export function useCompleteTask() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (task_id: string) => answer<Task>(api.PUT("/v1/tasks/{task_id}/completion", { params: { path: { task_id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["tasks"] }),
  });
}
