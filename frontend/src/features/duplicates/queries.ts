/** Pairs that may be one person, merges and their undoing. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answer, api, type Schemas } from "@/api/client";

export type Pair = Schemas["PairRead"];
export type PairDetail = Schemas["PairDetailRead"];
export type PairState = Exclude<Schemas["PairState"], "stale">;
export type Evidence = PairDetail["evidence"][number];
export type Verdict = Schemas["VerdictWrite"]["verdict"];
export type Preview = Schemas["MergePreview"];
export type ComparedCard = Preview["winner"];
export type ComparedField = Preview["fields"][number];
export type Merge = Schemas["MergeRead"];
export type Kept = Schemas["KeptChange"];
export type Side = Schemas["Side"];
export type Choices = Partial<Record<ComparedField["field"], Side>>;
export type Found = Schemas["Found"];

export const pairStates: PairState[] = ["open", "skipped", "distinct", "merged"];

export const queueOptions = (state: PairState, cursor?: string) =>
  queryOptions({
    queryKey: ["duplicates", "list", state, cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/duplicates", { params: { query: { state, cursor, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const pairOptions = (pair_id: string) =>
  queryOptions({
    queryKey: ["duplicates", "pair", pair_id],
    queryFn: ({ signal }) => answer(api.GET("/v1/duplicates/{pair_id}", { params: { path: { pair_id } }, signal })),
  });

/** What a merge would give, worked out by the server; the answer before a choice stays in sight until the new one comes. */
export const previewOptions = (winner_id: string, loser_id: string, choices: Choices) =>
  queryOptions({
    queryKey: ["merge-previews", winner_id, loser_id, choices],
    queryFn: ({ signal }) => answer(api.POST("/v1/merges/previews", { body: { winner_id, loser_id, choices }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const mergesOptions = (customer_id: string) =>
  queryOptions({
    queryKey: ["customers", customer_id, "merges"],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/customers/{customer_id}/merges", { params: { path: { customer_id } }, signal })).then((page) => page.items),
  });

export const pairsOfCardOptions = (customer_id: string) =>
  queryOptions({
    queryKey: ["customers", customer_id, "duplicates"],
    queryFn: ({ signal }) => answer(api.GET("/v1/customers/{customer_id}/duplicates", { params: { path: { customer_id } }, signal })),
    staleTime: 60_000,
  });

/** One name looks up to seven people; the text stays in memory (S-15). */
export async function findPeople(text: string, signal: AbortSignal): Promise<Found[]> {
  const body = /^\S+@\S+\.\S+$/.test(text) ? { email: text } : { q: text };
  return (await answer(api.POST("/v1/customers/lookups", { body: { ...body, limit: 7 }, signal }))).items;
}

function refresh(queryClient: QueryClient) {
  for (const key of ["duplicates", "customers", "quality"]) void queryClient.invalidateQueries({ queryKey: [key] });
}

/** `intent` is made when somebody opens the question, so that a double press merges once. */
export function useMerge() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ intent, ...body }: Schemas["MergeWrite"] & { intent: string }) =>
      answer(api.POST("/v1/merges", { body, headers: { "Idempotency-Key": intent } })),
    onSuccess: () => refresh(queryClient),
  });
}

export function useReverseMerge() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ mergeId, intent }: { mergeId: string; intent: string }) =>
      answer(
        api.POST("/v1/merges/{merge_id}/reversals", {
          params: { path: { merge_id: mergeId } },
          headers: { "Idempotency-Key": intent },
        }),
      ),
    onSuccess: () => refresh(queryClient),
  });
}

export function useDecide() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ pairId, verdict }: { pairId: string; verdict: Verdict }) =>
      answer(api.PUT("/v1/duplicates/{pair_id}/verdict", { params: { path: { pair_id: pairId } }, body: { verdict } })),
    onSuccess: () => refresh(queryClient),
  });
}

const searchOptions = queryOptions({
  queryKey: ["jobs", "duplicates"],
  queryFn: ({ signal }) =>
    answer(api.GET("/v1/jobs", { params: { query: { limit: 50 } }, signal })).then(
      (page) => page.items.find((job) => job.kind === "duplicates.search") ?? null,
    ),
  refetchInterval: (query) => (query.state.data?.state === "running" ? 1_500 : false),
});

/** The latest search and how to start one; the queue is read again when it ends. */
export function useSearch() {
  const queryClient = useQueryClient();
  const { data: job } = useQuery(searchOptions);
  const isRunning = job?.state === "running";
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning) refresh(queryClient);
    wasRunning.current = isRunning;
  }, [isRunning, queryClient]);
  const start = useMutation({
    mutationFn: () => answer(api.POST("/v1/duplicates/searches")),
    onSuccess: (started) => {
      queryClient.setQueryData(searchOptions.queryKey, started);
      return queryClient.invalidateQueries({ queryKey: ["jobs"], exact: true });
    },
  });
  return { job: job ?? null, isRunning, start };
}
