/** Files on their way in. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { answer, answerWithTag, api, type Schemas } from "@/api/client";
import { sendFile } from "@/api/upload";

export type Import = Schemas["ImportRead"];
export type ImportSummary = Schemas["ImportSummary"];
export type ImportState = Schemas["ImportState"];
export type ImportKind = Schemas["ImportKind"];
export type ImportChange = Schemas["ImportPatch"];
export type ImportRow = Schemas["ImportRowRead"];
export type Outcome = ImportRow["outcome"];
export type Preview = Schemas["ImportPreview"];
export type PreviewedColumn = Schemas["ColumnPreview"];
export type Column = Schemas["ColumnMapping"];
export type Field = Schemas["FieldsRead"]["items"][number];
export type Policy = Schemas["LoadPolicy"];
export type Options = Import["options"];
export type FileFormat = Schemas["FileFormatIO"];
export type Finding = Schemas["FindingRead"];
export type Fault = Schemas["FaultRead"];
type Tagged = { body: Import; tag: string };

export const kinds: ImportKind[] = ["customers", "consents", "transactions", "products", "stores", "balances", "suppressions"];
export const outcomes: Outcome[] = ["created", "updated", "merged", "unclaimed", "unchanged", "rejected"];
/** The server's own limit (`max_upload_bytes`), told before a gigabyte travels for nothing. */
export const maxBytes = 1_000_000_000;

const keys = { all: ["imports"] as const, one: (id: string) => ["imports", id] as const };
const path = (id: string) => ({ params: { path: { import_id: id } } });

export const isWorking = ({ state, failure }: { state: ImportState; failure: string | null }) =>
  !failure && (state === "rehearsing" || state === "applying" || state === "undoing");

export const importsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/imports", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.items.some(isWorking) ? 2_000 : false),
  });

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag(api.GET("/v1/imports/{import_id}", { ...path(id), signal })),
    refetchInterval: (query) => (query.state.data && isWorking(query.state.data.body) ? 2_000 : false),
  });

/** How the file looks under its format; the format and the kind are part of what is asked. */
export const previewQuery = ({ id, kind, format }: Import) =>
  queryOptions({
    queryKey: [...keys.one(id), "preview", kind, format],
    queryFn: ({ signal }) => answer(api.GET("/v1/imports/{import_id}/preview", { ...path(id), signal })),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });

export const fieldsQuery = (kind: ImportKind) =>
  queryOptions({
    queryKey: ["import-fields", kind],
    queryFn: ({ signal }) => answer(api.GET("/v1/import-fields", { params: { query: { kind } }, signal })).then((found) => found.items),
    staleTime: Infinity,
  });

/** A notice is named in a file as `code@version`. */
export const noticesQuery = queryOptions({
  queryKey: ["notices", "names"],
  queryFn: ({ signal }) => answer(api.GET("/v1/notices", { signal })).then((page) => page.items),
  staleTime: 5 * 60_000,
});

export type RowFilter = { outcome?: Outcome; kept?: boolean; cursor?: string };

export const rowsQuery = ({ id, version }: Import, filter: RowFilter) =>
  queryOptions({
    queryKey: [...keys.one(id), "rows", version, filter],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/imports/{import_id}/rows", { params: { path: { import_id: id }, query: { ...filter, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });

/** A plain link: the browser streams it to disk itself. */
export const rejectedRowsHref = (id: string) => `/v1/imports/${id}/rejected-rows`;

/** Sends a file and tells how much of it has left. */
export function useUpload() {
  const client = useQueryClient();
  const [sent, setSent] = useState(0);
  const stop = useRef<AbortController>(null);
  const upload = useMutation({
    mutationFn: (file: File) => {
      setSent(0);
      stop.current = new AbortController();
      return sendFile<Import>({ path: "/v1/imports", file, onProgress: setSent, signal: stop.current.signal });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.all, "list"] }),
  });
  return { ...upload, sent, stop: () => stop.current?.abort() };
}

/**
 * Saves each choice as it is made. Choices made while another is being saved wait their turn, each with the version the one before
 * left; what is on screen is the newest choice, whatever the answers say meanwhile.
 */
export function useSaveImport(id: string) {
  const client = useQueryClient();
  const mutationKey = [...keys.one(id), "save"];
  const save = useMutation({
    mutationKey,
    scope: { id: `import-${id}` },
    mutationFn: (body: ImportChange) => {
      const tag = client.getQueryData<Tagged>(keys.one(id))?.tag ?? "";
      return answerWithTag(api.PATCH("/v1/imports/{import_id}", { params: { path: { import_id: id }, header: { "If-Match": tag } }, body }));
    },
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: keys.one(id), exact: true });
      const { format, kind, columns, options, source } = change;
      const chosen = { ...(columns && { columns }), ...(options && { options }), ...(source && { source }), ...(kind && { kind }), ...(format && { format }) };
      client.setQueryData<Tagged>(keys.one(id), (now) => now && { ...now, body: { ...now.body, ...chosen } as Import });
    },
    onSuccess: (saved) => {
      const isLast = client.isMutating({ mutationKey }) <= 1;
      client.setQueryData<Tagged>(keys.one(id), (now) => (isLast || !now ? saved : { body: now.body, tag: saved.tag }));
    },
    onError: () => client.invalidateQueries({ queryKey: keys.one(id) }),
  });
  return { ...save, isSaving: useIsMutating({ mutationKey }) > 0 };
}

export function useDiscardImport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/v1/imports/{import_id}", path(id))),
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.all, "list"] }),
  });
}

/** What moves an import on. A key is one intent: a second click or a retry is the same act. */
export type Act = { act: "rehearse" } | { act: "apply" | "undo"; key: string };

function perform(id: string, act: Act) {
  if (act.act === "rehearse") return api.POST("/v1/imports/{import_id}/rehearsals", path(id));
  const params = { path: { import_id: id }, header: { "Idempotency-Key": act.key } };
  return act.act === "apply" ? api.POST("/v1/imports/{import_id}/applications", { params }) : api.POST("/v1/imports/{import_id}/reversals", { params });
}

export function useImportAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => answer(perform(id, act)),
    onSuccess: (body) => {
      client.setQueryData<Tagged>(keys.one(id), { body, tag: "" });
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.all });
      void client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

export function useKeepMapping(subject: Import) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => {
      const { kind, source, format, columns, options } = subject;
      return answer(api.PUT("/v1/import-mappings/{name}", { params: { path: { name } }, body: { kind, source, format, columns, options } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.one(subject.id), "preview"] }),
  });
}
