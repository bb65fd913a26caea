/** Requests of people about their data, and the packs made for them. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { saveFile } from "@/lib/save-file";

export type PrivacyRequest = Schemas["PrivacyRequestRead"];
export type RequestRow = Schemas["PrivacyRequestRow"];
export type RequestKind = Schemas["RequestKind"];
export type RequestChannel = Schemas["RequestChannel"];
export type NewRequest = Schemas["PrivacyRequestCreate"];
export type RequestEvent = Schemas["RequestEventRead"];
export type Clock = Schemas["ClockRead"];
export type IdentityMethod = Schemas["IdentityMethod"];
export type Outcome = Schemas["Outcome"];
export type Answer = Schemas["RequestAnswer"];
export type Pack = Schemas["PackRead"];
export type PersonFound = Schemas["Found"];

export const kinds: RequestKind[] = ["ACCESS", "PORTABILITY", "RECTIFICATION", "ERASURE", "RESTRICTION", "OBJECTION"];
export const channels: RequestChannel[] = ["DESK", "EMAIL", "PEC", "LETTER", "PHONE", "SMS"];
export const shows = ["open", "overdue", "closed"] as const;
export type Show = (typeof shows)[number];
export type RequestFilter = { show?: Show; kind?: RequestKind; cursor?: string };

const keys = { all: ["privacy-requests"] as const, one: (id: string) => ["privacy-requests", "one", id] as const };
const path = (id: string) => ({ path: { request_id: id } });

const filters = {
  open: { is_open: true, sort: "due" },
  overdue: { overdue: true, sort: "due" },
  closed: { is_open: false, sort: "-received" },
} as const;

export const requestsQuery = ({ show = "open", kind, cursor }: RequestFilter) =>
  queryOptions({
    queryKey: [...keys.all, "list", show, kind, cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/privacy-requests", { params: { query: { ...filters[show], kind, cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const summaryQuery = queryOptions({
  queryKey: [...keys.all, "summary"],
  queryFn: ({ signal }) => answer(api.GET("/v1/privacy-requests/summary", { signal })),
});

export const isBuilding = ({ state }: Pack) => state === "waiting" || state === "running";

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answer(api.GET("/v1/privacy-requests/{request_id}", { params: path(id), signal })),
    refetchInterval: (query) => (query.state.data?.packs.some(isBuilding) ? 2_000 : false),
  });

/** One name looks up to seven people; the text stays in memory (S-15). */
export async function findPeople(text: string, signal: AbortSignal): Promise<PersonFound[]> {
  const body = /^\S+@\S+\.\S+$/.test(text) ? { email: text } : { q: text };
  return (await answer(api.POST("/v1/customers/lookups", { body: { ...body, limit: 7 }, signal }))).items;
}

function useRefresh() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: keys.all });
    for (const key of ["tasks", "customers", "jobs", "desk"]) void client.invalidateQueries({ queryKey: [key] });
  };
}

/** Keeps the scan first: a request names it by its digest, which the same file gives again on a retry. */
async function keepScan(file: File): Promise<string> {
  const kept = await answer(
    api.POST("/v1/evidence", {
      body: { file: "", kind: "SCAN" },
      bodySerializer: () => {
        const form = new FormData();
        form.set("file", file);
        form.set("kind", "SCAN");
        return form;
      },
    }),
  );
  return kept.sha256;
}

export function useReceiveRequest() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ intent, scan, ...body }: NewRequest & { intent: string; scan: File | null }) => {
      const evidence_sha256 = scan ? await keepScan(scan) : null;
      return answer(api.POST("/v1/privacy-requests", { params: { header: { "Idempotency-Key": intent } }, body: { ...body, evidence_sha256 } }));
    },
    onSuccess: refresh,
  });
}

/** Everything that can be done to an open request; each answers with the request as it then stands. */
export type Act =
  | { act: "identify"; body: Schemas["IdentityStatement"] }
  | { act: "extend"; body: Schemas["ExtensionStatement"] }
  | { act: "pause"; body: Schemas["PauseStatement"] }
  | { act: "resume" }
  | { act: "assign"; body: Schemas["HandlerStatement"] }
  | { act: "answer"; body: Answer }
  | { act: "take_back" };

function perform(id: string, done: Act) {
  const params = path(id);
  switch (done.act) {
    case "identify":
      return api.PUT("/v1/privacy-requests/{request_id}/identity", { params, body: done.body });
    case "extend":
      return api.PUT("/v1/privacy-requests/{request_id}/extension", { params, body: done.body });
    case "pause":
      return api.PUT("/v1/privacy-requests/{request_id}/pause", { params, body: done.body });
    case "resume":
      return api.DELETE("/v1/privacy-requests/{request_id}/pause", { params });
    case "assign":
      return api.PUT("/v1/privacy-requests/{request_id}/handler", { params, body: done.body });
    case "answer":
      return api.PUT("/v1/privacy-requests/{request_id}/answer", { params, body: done.body });
    case "take_back":
      return api.PUT("/v1/privacy-requests/{request_id}/withdrawal", { params });
  }
}

export function useRequestAct(id: string) {
  const client = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (done: Act) => answer<PrivacyRequest>(perform(id, done)),
    onSuccess: (changed) => {
      client.setQueryData(keys.one(id), changed);
      refresh();
    },
  });
}

/** The letter of this moment, in the person's language: the browser takes it by itself. */
export const letterHref = (id: string) => `/v1/privacy-requests/${id}/letter`;

export function useBuildPack(id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ intent, language }: Schemas["PackCreate"] & { intent: string }) =>
      answer(
        api.POST("/v1/privacy-requests/{request_id}/packs", {
          params: { ...path(id), header: { "Idempotency-Key": intent } },
          body: { language },
        }),
      ),
    onSuccess: refresh,
  });
}

/** Fetched rather than linked, so that the client can ask for fresh proof of who takes it. */
export function useDownloadPack() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ id, kind, created_at }: Pack) => {
      const { data } = await api.GET("/v1/privacy-packs/{pack_id}/file", { params: { path: { pack_id: id } }, parseAs: "blob" });
      saveFile(data as Blob, `${kind.toLowerCase()}-${created_at.slice(0, 10)}.zip`);
    },
    onSuccess: refresh,
  });
}

export function useDeliverPack() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (pack_id: string) => answer(api.PUT("/v1/privacy-packs/{pack_id}/delivery", { params: { path: { pack_id } } })),
    onSuccess: refresh,
  });
}

// ── erasure ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type ErasurePreview = Schemas["ErasurePreviewRead"];
export type PartyToTell = Schemas["ProcessorErasureRead"];

/** What an erasure would do now; a POST, because a name is looked at and that is recorded. */
export const erasurePreviewQuery = (customer_id: string) =>
  queryOptions({
    queryKey: [...keys.all, "erasure-preview", customer_id],
    queryFn: ({ signal }) => answer(api.POST("/v1/customers/{customer_id}/erasure-previews", { params: { path: { customer_id } }, signal })),
    staleTime: 0,
  });

export const erasureOfQuery = (request_id: string) =>
  queryOptions({
    queryKey: [...keys.all, "erasure", request_id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/erasures", { params: { query: { limit: 200 } }, signal })).then((page) => page.items.find((each) => each.request_id === request_id) ?? null),
  });

export const certificateHref = (erasure_id: string) => `/v1/erasures/${erasure_id}/certificate`;

export const partiesQuery = queryOptions({
  queryKey: [...keys.all, "parties"],
  queryFn: ({ signal }) => answer(api.GET("/v1/processor-erasures", { params: { query: { limit: 200 } }, signal })).then((page) => page.items),
});

export function useMarkTold() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (processor_erasure_id: string) =>
      answer(api.PUT("/v1/processor-erasures/{processor_erasure_id}/notification", { params: { path: { processor_erasure_id } } })),
    onSuccess: refresh,
  });
}
