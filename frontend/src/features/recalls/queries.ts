/** Standing reasons to come back. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api } from "@/api/client";
import type { Money } from "@/lib/formats";
import type { RemoteOption } from "@/ui/remote-select";

export type RecallKind = "rhythm" | "birthday";
export type Run = { on: string; touch_id: string | null; planned: number; sent: number; skipped: number; control: number; waiting: number };
export type Recall = {
  id: string;
  kind: RecallKind;
  name: string;
  is_active: boolean;
  template_id: string;
  template_name: string;
  channel: string;
  category_id: string | null;
  category_name: string | null;
  control_share: string;
  window_days: number;
  cooldown_days: number;
  lead_days: number;
  send_from: string;
  send_until: string;
  eligibility_segment_id: string | null;
  version: number;
  next_run_on: string;
  due_count: number;
  last_run: Run | null;
};
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
export type DueItem = {
  customer_id: string;
  full_name: string;
  recall_id: string;
  reason: string;
  visits: string[];
  likely_from: string | null;
  likely_to: string | null;
  due_on: string;
  expected_value: Money | null;
  permission: { family: string; sentence: string; remedy: string; rule_id: string };
};
export type Due = { on: string; items: DueItem[]; next_days: { on: string; count: number }[] };
export type Rehearsal = {
  from_on: string;
  until_on: string;
  occasions: number;
  people: number;
  will_receive: number;
  control: number;
  deferred: number;
  denied: number;
  held_back: number;
  cost: Money;
  by_reason: { reason: string; family: string; count: number; sentence: string }[];
  weeks: { week_on: string; messages: number }[];
};
export type Period = { on: string } | { from: string; until: string };
type Page<T> = { items: T[]; next_cursor: string | null; prev_cursor: string | null; total: number | null };

const keys = { all: ["recalls"] as const, one: (id: string) => ["recalls", "one", id] as const };
const path = (id: string) => ({ params: { path: { recall_id: id } } });

export const recallsQuery = queryOptions({
  queryKey: [...keys.all, "list"],
  queryFn: ({ signal }) => answer<Page<Recall>>(api.GET("/v1/recalls", { params: { query: { limit: 200 } }, signal })),
});

export const recallQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag<Recall>(api.GET("/v1/recalls/{recall_id}", { ...path(id), signal })),
  });

/** Today's list is one for all recalls; the page keeps the rows of its own. */
export const dueQuery = queryOptions({
  queryKey: [...keys.all, "due", 200],
  queryFn: ({ signal }) => answer<Due>(api.GET("/v1/recalls/due", { params: { query: { limit: 200 } }, signal })),
});

export const runsQuery = (id: string, cursor?: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "runs", cursor],
    queryFn: ({ signal }) =>
      answer<Page<Run>>(api.GET("/v1/recalls/{recall_id}/runs", { params: { path: { recall_id: id }, query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

type Choice = { value: string; label: string };
type TemplateRow = { id: string; name: string; channel: string; status: string; problems: { severity: string }[] };

/** Only templates that may leave: a draft is not a choice. */
export const templateChoicesQuery = queryOptions({
  queryKey: ["templates", "choices"],
  queryFn: ({ signal }) => answer<Page<TemplateRow>>(api.GET("/v1/templates", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items.filter((template) => template.status === "ready"),
});

export const segmentChoicesQuery = queryOptions({
  queryKey: ["segments", "choices"],
  queryFn: ({ signal }) => answer<Page<{ id: string; name: string }>>(api.GET("/v1/segments", { params: { query: { limit: 200 } }, signal })),
  select: (page): Choice[] => page.items.map(({ id, name }) => ({ value: id, label: name })),
});

export async function searchCategories(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const query = { q: q || undefined, limit: 20 };
  const body = await answer<Page<{ id: string; name: string }>>(api.GET("/v1/categories", { params: { query }, signal }));
  return body.items.map(({ id, name }) => ({ value: id, label: name }));
}

export function useSaveRecall(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, ...setup }: Setup) => {
      if (id === null) return answer<Recall>(api.POST("/v1/recalls", { body: { kind, ...setup } }));
      const tag = client.getQueryData<{ tag: string }>(keys.one(id))?.tag ?? "";
      return answer<Recall>(
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
      answer<Recall>(isOn ? api.PUT("/v1/recalls/{recall_id}/activation", path(id)) : api.DELETE("/v1/recalls/{recall_id}/activation", path(id))),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useRehearseRecall(id: string) {
  return useMutation({
    mutationFn: (period: Period) => answer<Rehearsal>(api.POST("/v1/recalls/{recall_id}/rehearsals", { ...path(id), body: period })),
  });
}
