/** Saved filters, their fields and their exact counts. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api } from "@/api/client";
import type { RemoteOption } from "@/ui/remote-select";
import { type Tree, countable } from "./tree";

export type SegmentField = {
  key: string;
  label: string;
  kind: string;
  operators: string[];
  choices: { value: string; label: string }[] | null;
  unit: string | null;
  uses_purchases: boolean;
};
export type Segment = {
  id: string;
  name: string;
  tree: Tree;
  sentence: string;
  uses_purchases: boolean;
  version: number;
  last_count: number | null;
  updated_at: string;
};
export type Preset = { key: string; name: string; tree: Tree; sentence: string; uses_purchases: boolean };
export type Member = { customer_id: string; full_name: string; because: string };
export type Preview = {
  count: number;
  sentence: string;
  uses_purchases: boolean;
  lost_to_profiling: number | null;
  took_ms: number;
  sample: Member[];
  reach: Record<string, number> | null;
};
type Page<T> = { items: T[]; next_cursor: string | null; prev_cursor: string | null; total: number | null };

const keys = { all: ["segments"] as const, one: (id: string) => ["segments", id] as const };

export const segmentsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer<Page<Segment>>(api.GET("/v1/segments", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag<Segment>(api.GET("/v1/segments/{segment_id}", { params: { path: { segment_id: id } }, signal })),
  });

export const fieldsQuery = queryOptions({
  queryKey: [...keys.all, "fields"],
  queryFn: ({ signal }) => answer<{ items: SegmentField[] }>(api.GET("/v1/segment-fields", { signal })).then((body) => body.items),
  staleTime: 600_000,
});

export const presetsQuery = queryOptions({
  queryKey: [...keys.all, "presets"],
  queryFn: ({ signal }) => answer<{ items: Preset[] }>(api.GET("/v1/segments/presets", { signal })).then((body) => body.items),
  staleTime: 600_000,
});

/** The count of the finished part of a tree. A superseded count is cancelled; the last one stays in sight, dimmed. */
export const previewQuery = (tree: Tree) => {
  const asked = countable(tree);
  return queryOptions({
    queryKey: [...keys.all, "preview", JSON.stringify(asked)],
    queryFn: ({ signal }) => answer<Preview>(api.POST("/v1/segments/preview", { body: { tree: asked }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
};

export const membershipQuery = (id: string, customerId: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "members", customerId],
    queryFn: ({ signal }) =>
      answer<{ is_member: boolean; because: string }>(
        api.GET("/v1/segments/{segment_id}/members/{customer_id}", { params: { path: { segment_id: id, customer_id: customerId } }, signal }),
      ),
  });

export async function searchCategories(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const query = { q: q || undefined, limit: 20 };
  const body = await answer<Page<{ id: string; name: string }>>(api.GET("/v1/categories", { params: { query }, signal }));
  return body.items.map(({ id, name }) => ({ value: id, label: name }));
}

/** The name of a category that a saved tree knows only by id: found by walking the list, at most a few pages. */
export const categoryQuery = (id: string) =>
  queryOptions({
    queryKey: ["categories", "name", id],
    queryFn: async ({ signal }): Promise<RemoteOption> => {
      let cursor: string | undefined;
      for (let pages = 0; pages < 10; pages += 1) {
        const query = { limit: 200, cursor };
        const body = await answer<Page<{ id: string; name: string }>>(api.GET("/v1/categories", { params: { query }, signal }));
        const found = body.items.find((category) => category.id === id);
        if (found) return { value: id, label: found.name };
        if (!body.next_cursor) break;
        cursor = body.next_cursor;
      }
      return { value: id, label: "–" };
    },
    staleTime: 600_000,
  });

export const storesQuery = queryOptions({
  queryKey: ["stores", "choices"],
  queryFn: ({ signal }) => answer<Page<{ id: string; name: string }>>(api.GET("/v1/stores", { params: { query: { limit: 200 } }, signal })),
  select: (body) => body.items.map(({ id, name }) => ({ value: id, label: name })),
  staleTime: 600_000,
});

export async function searchPeople(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const body = await answer<Page<{ id: string; full_name: string; city: string | null }>>(
    api.POST("/v1/customers/lookups", { body: { q, limit: 7 }, signal }),
  );
  return body.items.map(({ id, full_name, city }) => ({ value: id, label: city ? `${full_name} · ${city}` : full_name }));
}

export function useSaveSegment(saved: { id: string; tag: string } | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; tree: Tree }) =>
      saved
        ? answer<Segment>(
            api.PATCH("/v1/segments/{segment_id}", { params: { path: { segment_id: saved.id }, header: { "If-Match": saved.tag } }, body }),
          )
        : answer<Segment>(api.POST("/v1/segments", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useDeleteSegment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, tag }: { id: string; tag: string }) =>
      answer<void>(api.DELETE("/v1/segments/{segment_id}", { params: { path: { segment_id: id }, header: { "If-Match": tag } } })),
    onSuccess: (_, { id }) => {
      client.removeQueries({ queryKey: keys.one(id) });
      return client.invalidateQueries({ queryKey: [...keys.all, "list"] });
    },
  });
}
