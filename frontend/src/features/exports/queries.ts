/** Files on their way out. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { saveFile } from "@/lib/save-file";

export type Export = Schemas["ExportRead"];
export type ExportKind = Schemas["ExportKind"];
export type ExportFormat = Schemas["ExportFormat"];
export type ExportFilter = Schemas["ExportFilter"];
export type ExportCreate = Schemas["ExportCreate"];
export type Purpose = NonNullable<ExportCreate["purpose"]>;
export type Channel = NonNullable<ExportCreate["channel"]>;

export const formats: ExportFormat[] = ["csv", "xlsx", "ndjson"];
export const purposes: Purpose[] = ["MKT_OWN", "MARKET_RESEARCH", "SERVICE"];
export const channels: Channel[] = ["EMAIL", "SMS", "WHATSAPP", "PHONE_OPERATOR", "POST"];

const all = ["exports"] as const;
const isUnfinished = ({ state }: Export) => state === "waiting" || state === "running";

export const exportsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...all, "list", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/exports", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.items.some(isUnfinished) ? 2_000 : false),
  });

/** What the server lets be exported: which kinds may be meant for contacting, and the scopes each needs. */
export const kindsQuery = queryOptions({
  queryKey: [...all, "kinds"],
  queryFn: ({ signal }) => answer(api.GET("/v1/export-kinds", { signal })).then((found) => found.items),
  staleTime: Infinity,
});

export function useRequestExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, ...body }: ExportCreate & { key: string }) =>
      answer(api.POST("/v1/exports", { params: { header: { "Idempotency-Key": key } }, body })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: all });
      void client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

/** Fetched rather than linked, so that the client can ask for fresh proof of who takes it. */
export function useDownloadExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, kind, format, created_at }: Export) => {
      const { data } = await api.GET("/v1/exports/{export_id}/file", { params: { path: { export_id: id } }, parseAs: "blob" });
      saveFile(data as Blob, `${kind}-${created_at.slice(0, 10)}.${format}`);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [...all, "list"] }),
  });
}

export function useRemoveExport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (export_id: string) => answer(api.DELETE("/v1/exports/{export_id}", { params: { path: { export_id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: [...all, "list"] }),
  });
}
