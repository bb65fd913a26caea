/** Standing reasons to come back. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api, type Schemas } from "@/api/client";
import type { RemoteOption } from "@/ui/remote-select";

export type Recall = Schemas["RecallRead"];
export type Run = NonNullable<Recall["last_run"]>;
export type Due = Schemas["DueListRead"];
export type DueItem = Schemas["DueRead"];
export type Rehearsal = Schemas["RecallRehearsalRead"];
export type Period = Schemas["RecallRehearsalRequest"];
export type Setup = Pick<
  Recall,
  | "kind"
  | "name"
  | "category_id"
  | "control_share"
  | "window_days"
  | "cooldown_days"
  | "lead_days"
  | "send_from"
  | "send_until"
  | "eligibility_segment_id"
> & { template_id: string | null };

const keys = { all: ["recalls"] as const, one: (id: string) => ["recalls", "one", id] as const };
const path = (id: string) => ({ params: { path: { recall_id: id } } });

export const recallsQuery = queryOptions({
  queryKey: [...keys.all, "list"],
  queryFn: ({ signal }) => answer(api.GET("/v1/recalls", { params: { query: { limit: 200 } }, signal })),
});

export const recallQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag(api.GET("/v1/recalls/{recall_id}", { ...path(id), signal })),
  });

/** Today's list is one for all recalls; the page keeps the rows of its own. */
export const dueQuery = queryOptions({
  queryKey: [...keys.all, "due", 200],
  queryFn: ({ signal }) => answer(api.GET("/v1/recalls/due", { params: { query: { limit: 200 } }, signal })),
});

export const runsQuery = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "runs", cursor],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/recalls/{recall_id}/runs", { params: { path: { recall_id: id }, query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

type Choice = { value: string; label: string };

/** Only templates that may leave: a draft is not a choice. */
export const templateChoicesQuery = queryOptions({
  queryKey: ["templates", "choices"],
  queryFn: ({ signal }) => answer(api.GET("/v1/templates", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items.filter((template) => template.status === "ready"),
});

export const segmentChoicesQuery = queryOptions({
  queryKey: ["segments", "choices"],
  queryFn: ({ signal }) => answer(api.GET("/v1/segments", { params: { query: { limit: 200 } }, signal })),
  select: (page): Choice[] => page.items.map(({ id, name }) => ({ value: id, label: name })),
});

export async function searchCategories(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const query = { q: q || undefined, limit: 20 };
  const body = await answer(api.GET("/v1/categories", { params: { query }, signal }));
  return body.items.map(({ id, name }) => ({ value: id, label: name }));
}

export function useSaveRecall(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, template_id, ...rest }: Setup) => {
      const setup = { ...rest, template_id: template_id ?? "" };
      if (id === null) return answer(api.POST("/v1/recalls", { body: { kind, ...setup } }));
      const tag = client.getQueryData<{ tag: string }>(keys.one(id))?.tag ?? "";
      return answer(
        api.PATCH("/v1/recalls/{recall_id}", { params: { path: { recall_id: id }, header: { "If-Match": tag } }, body: setup }),
      );
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useSwitchRecall(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isOn: boolean) =>
      answer(isOn ? api.PUT("/v1/recalls/{recall_id}/activation", path(id)) : api.DELETE("/v1/recalls/{recall_id}/activation", path(id))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useRehearseRecall(id: string) {
  return useMutation({
    mutationFn: (period: Period) => answer(api.POST("/v1/recalls/{recall_id}/rehearsals", { ...path(id), body: period })),
  });
}
