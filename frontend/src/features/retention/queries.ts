/** How long each kind of data is kept, what tonight would remove, and what past nights did. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Period = Schemas["RetentionPeriodRead"];
export type Clock = Period["clock"];
export type PeriodChange = Schemas["RetentionPeriodPut"];
export type Preview = Schemas["RetentionPreviewRead"];
export type Run = Schemas["RetentionRunRead"];

const all = ["retention"] as const;

export const periodsQuery = queryOptions({
  queryKey: [...all, "periods"],
  queryFn: ({ signal }) => answer(api.GET("/v1/retention-periods", { signal })).then((found) => found.items),
});

export const runsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...all, "runs", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/retention-runs", { params: { query: { cursor, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const usePreview = () => useMutation({ mutationFn: () => answer(api.POST("/v1/retention-runs/previews")) });

export function useSetPeriod(clock: Clock) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PeriodChange) => answer(api.PUT("/v1/retention-periods/{clock}", { params: { path: { clock } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: all }),
  });
}
