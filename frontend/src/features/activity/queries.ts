import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Job = Schemas["JobRead"];
export type Task = Schemas["TaskRead"];

/** Every 2 s while something runs and the page is in sight, else every 30 s. */
export const jobsOptions = queryOptions({
  queryKey: ["jobs"],
  queryFn: ({ signal }) => answer(api.GET("/v1/jobs", { params: { query: { limit: 20 } }, signal })),
  refetchInterval: (query) => (query.state.data?.items.some((job) => job.state === "running") ? 2_000 : 30_000),
  placeholderData: keepPreviousData,
});

export const tasksOptions = queryOptions({
  queryKey: ["tasks", "open"],
  queryFn: ({ signal }) => answer(api.GET("/v1/tasks", { params: { query: { state: "open", limit: 50 } }, signal })),
  refetchInterval: 30_000,
});

export function useCompleteTask() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (task_id: string) => answer(api.PUT("/v1/tasks/{task_id}/completion", { params: { path: { task_id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["tasks"] }),
  });
}
