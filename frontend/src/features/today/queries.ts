import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { useMay } from "@/api/me";

export type DueItem = Schemas["DueRead"];
export type Due = Schemas["DueListRead"];
export type Run = Schemas["TodayRead"]["runs"][number];

/** Rows that fit beside the tasks without scrolling at 1280×832. */
export const firstRows = 6;

export const deskOptions = queryOptions({
  queryKey: ["desk", "today"],
  queryFn: ({ signal }) => answer(api.GET("/v1/desk/today", { signal })),
});

export const dueOptions = (limit: number) =>
  queryOptions({
    queryKey: ["recalls", "due", limit],
    queryFn: ({ signal }) => answer(api.GET("/v1/recalls/due", { params: { query: { limit } }, signal })),
  });

/** As many as one list may hold. */
export const mostRows = 200;

/** Which text each recall sends, so that writing by hand starts from the same one. */
export const recallTemplatesOptions = queryOptions({
  queryKey: ["recalls", "templates"],
  queryFn: ({ signal }) =>
    answer(api.GET("/v1/recalls", { params: { query: { limit: 100 } }, signal })).then(
      (page) => new Map(page.items.map((recall) => [recall.id, recall.template_id])),
    ),
  staleTime: 60_000,
});

/** The number beside «Oggi», from the same answer the page reads. */
export function useDueCount(): number | undefined {
  const isMine = useMay("recalls:read");
  return useQuery({ ...dueOptions(firstRows), enabled: isMine, staleTime: 60_000, select: (due) => due.total }).data;
}

export function useDismissal() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["DismissalRequest"]) => answer(api.POST("/v1/recalls/due/dismissals", { body })),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["recalls", "due"] });
      void queryClient.invalidateQueries({ queryKey: ["desk"] });
    },
  });
}
