/** Saved filters, their fields and their exact counts. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api, type Schemas } from "@/api/client";
import type { RemoteOption } from "@/ui/remote-select";
import { type Tree, countable } from "./tree";

export type SegmentField = Schemas["SegmentFieldRead"];
export type Segment = WithTree<Schemas["SegmentRead"]>;
export type Preset = WithTree<Schemas["PresetRead"]>;
export type Preview = Awaited<ReturnType<typeof count>>;

/** The builder holds half-written trees; the server's own check decides on the finished ones. */
type WithTree<Saved extends { tree: unknown }> = Omit<Saved, "tree"> & { tree: Tree };
const asSent = (tree: Tree) => countable(tree) as Schemas["SegmentRead"]["tree"];

const keys = { all: ["segments"] as const, one: (id: string) => ["segments", id] as const };

export const segmentsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/segments", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export const segmentQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag(api.GET("/v1/segments/{segment_id}", { params: { path: { segment_id: id } }, signal })),
  });

export const fieldsQuery = queryOptions({
  queryKey: [...keys.all, "fields"],
  queryFn: ({ signal }) => answer(api.GET("/v1/segment-fields", { signal })).then((body) => body.items),
  staleTime: 600_000,
});

export const presetsQuery = queryOptions({
  queryKey: [...keys.all, "presets"],
  queryFn: ({ signal }) => answer(api.GET("/v1/segments/presets", { signal })).then((body) => body.items),
  staleTime: 600_000,
});

function count(tree: Schemas["SegmentRead"]["tree"], signal: AbortSignal) {
  return answer(api.POST("/v1/segments/preview", { body: { tree }, signal }));
}

/** The count of the finished part of a tree. A superseded count is cancelled; the last one stays in sight, dimmed. */
export const previewQuery = (tree: Tree) => {
  const asked = asSent(tree);
  return queryOptions({
    queryKey: [...keys.all, "preview", JSON.stringify(asked)],
    queryFn: ({ signal }) => count(asked, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
};

export const membershipQuery = (id: string, customerId: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "members", customerId],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/segments/{segment_id}/members/{customer_id}", { params: { path: { segment_id: id, customer_id: customerId } }, signal }),
      ),
  });

export async function searchCategories(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const query = { q: q || undefined, limit: 20 };
  const body = await answer(api.GET("/v1/categories", { params: { query }, signal }));
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
        const body = await answer(api.GET("/v1/categories", { params: { query }, signal }));
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
  queryFn: ({ signal }) => answer(api.GET("/v1/stores", { params: { query: { limit: 200 } }, signal })),
  select: (body) => body.items.map(({ id, name }) => ({ value: id, label: name })),
  staleTime: 600_000,
});

export async function searchPeople(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const body = await answer(
    api.POST("/v1/customers/lookups", { body: { q, limit: 7 }, signal }),
  );
  return body.items.map(({ id, full_name, city }) => ({ value: id, label: city ? `${full_name} · ${city}` : full_name }));
}

export function useSaveSegment(saved: { id: string; tag: string } | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, tree }: { name: string; tree: Tree }) => {
      const body = { name, tree: asSent(tree) };
      return saved
        ? answer(
            api.PATCH("/v1/segments/{segment_id}", { params: { path: { segment_id: saved.id }, header: { "If-Match": saved.tag } }, body }),
          )
        : answer(api.POST("/v1/segments", { body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useDeleteSegment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, tag }: { id: string; tag: string }) =>
      answer(api.DELETE("/v1/segments/{segment_id}", { params: { path: { segment_id: id }, header: { "If-Match": tag } } })),
    onSuccess: (_, { id }) => {
      client.removeQueries({ queryKey: keys.one(id) });
      return client.invalidateQueries({ queryKey: [...keys.all, "list"] });
    },
  });
}
