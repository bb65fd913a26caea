/** Letters: what waits, batches, pieces, what the post brings back. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { saveFile } from "@/lib/save-file";

export type Waiting = Schemas["WaitingLettersRead"];
export type WaitingRow = Schemas["WaitingLettersRow"];
export type Batch = Schemas["LetterBatchRead"];
export type BatchCreate = Schemas["LetterBatchCreate"];
export type Piece = Schemas["LetterPieceRow"];
export type PieceState = Schemas["PieceState"];
export type ReturnReason = Schemas["ReturnReason"];
export type ReturnOutcome = Schemas["ReturnOutcome"];

export const pieceStates: PieceState[] = ["ready", "dropped", "posted", "returned"];
export const returnReasons: ReturnReason[] = ["unknown", "moved", "incomplete", "refused", "deceased"];

const all = ["letters"] as const;
export const isInTheMaking = (batch: Batch) => batch.state === "preparing" && !batch.failure;

export const waitingQuery = queryOptions({
  queryKey: [...all, "waiting"],
  queryFn: ({ signal }) => answer(api.GET("/v1/letters/waiting", { signal })),
});

export const batchesQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...all, "batches", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/letter-batches", { params: { query: { cursor, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.items.some(isInTheMaking) ? 2_000 : false),
  });

export const batchQuery = (batch_id: string) =>
  queryOptions({
    queryKey: [...all, "batch", batch_id],
    queryFn: ({ signal }) => answer(api.GET("/v1/letter-batches/{batch_id}", { params: { path: { batch_id } }, signal })),
    refetchInterval: (query) => (query.state.data && isInTheMaking(query.state.data) ? 1_500 : false),
  });

/** Read again whenever the numbers of the batch say that a piece stands otherwise. */
export const piecesQuery = (batch: Batch, state: PieceState | undefined, cursor: string | undefined) => {
  const batch_id = batch.id;
  const { state: of, pieces_count, live_count, pages_count, returned_count } = batch;
  return queryOptions({
    queryKey: [...all, "pieces", batch_id, state, cursor, of, pieces_count, live_count, pages_count, returned_count],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/letter-batches/{batch_id}/pieces", { params: { path: { batch_id }, query: { state, cursor } }, signal })),
    placeholderData: keepPreviousData,
  });
};

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: all });
}

export function usePrepare() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ key, ...body }: BatchCreate & { key: string }) =>
      answer(api.POST("/v1/letter-batches", { params: { header: { "Idempotency-Key": key } }, body })),
    onSuccess: refresh,
  });
}

/** Fetched rather than linked, so that the client can ask for fresh proof of who takes it. */
export function useDownload(batch: Batch) {
  const refresh = useRefresh();
  const path = { batch_id: batch.id };
  return useMutation({
    mutationFn: async (file: "pdf" | "csv") => {
      const { data } =
        file === "pdf"
          ? await api.GET("/v1/letter-batches/{batch_id}/pdf", { params: { path }, parseAs: "blob" })
          : await api.GET("/v1/letter-batches/{batch_id}/csv", { params: { path }, parseAs: "blob" });
      saveFile(data as Blob, `lettere-${batch.created_at.slice(0, 10)}-${batch.id.slice(-8)}.${file}`);
    },
    onSettled: refresh,
  });
}

export function usePost(batch_id: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (removed: number[]) =>
      answer(api.PUT("/v1/letter-batches/{batch_id}/posting", { params: { path: { batch_id } }, body: { removed } })),
    onSettled: refresh,
  });
}

export function useCancelBatch() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (batch_id: string) => answer(api.DELETE("/v1/letter-batches/{batch_id}", { params: { path: { batch_id } } })),
    onSettled: refresh,
  });
}

export function useReturn() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ code, reason }: { code: string; reason: ReturnReason }) =>
      answer(api.POST("/v1/letter-returns", { body: { codes: [code], reason } })).then(({ items }) => items[0]!.outcome),
    onSuccess: (outcome) => (outcome === "noted" ? refresh() : undefined),
  });
}
