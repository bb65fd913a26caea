import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Money } from "@/lib/formats";
import type { Family } from "@/ui/permission-badge";

export type DueItem = {
  customer_id: string;
  full_name: string;
  recall_kind: string;
  recall_id: string;
  label: string;
  reason: string;
  visits: string[];
  likely_from: string | null;
  likely_to: string | null;
  due_on: string | null;
  expected_value: Money | null;
  channel: string;
  permission: {
    verdict: string;
    family: Family;
    reason: string | null;
    rule_id: string | null;
    sentence: string | null;
    until: string | null;
    remedy: string | null;
  };
  action: "write" | "call" | "letter" | "counter" | "none";
};
export type Due = {
  on: string;
  total: number;
  allowed: number;
  to_ask: number;
  said_no: number;
  later: number;
  to_fix: number;
  items: DueItem[];
  next_days: { on: string; count: number }[];
};
export type Run = {
  touch_id: string;
  kind: string;
  name: string;
  sent: number;
  skipped: number;
  control: number;
  waiting: number;
  unknown: number;
};
export type Desk = { on: string; runs: Run[]; open_tasks: number; customers: number; first_customer_on: string | null };

/** Rows that fit beside the tasks without scrolling at 1280×832. */
export const firstRows = 6;

export const deskOptions = queryOptions({
  queryKey: ["desk", "today"],
  queryFn: ({ signal }) => answer<Desk>(api.GET("/v1/desk/today", { signal })),
});

export const dueOptions = (limit: number) =>
  queryOptions({
    queryKey: ["recalls", "due", limit],
    queryFn: ({ signal }) => answer<Due>(api.GET("/v1/recalls/due", { params: { query: { limit } }, signal })),
  });

/** The number beside «Oggi», from the same answer the page reads. */
export function useDueCount(): number | undefined {
  return useQuery({ ...dueOptions(firstRows), staleTime: 60_000, select: (due) => due.total }).data;
}

type Dismissal = { customer_id: string; recall_id: string; until: string | null; never: boolean };

export function useDismissal() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Dismissal) => answer<void>(api.POST("/v1/recalls/due/dismissals", { body })),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ["recalls", "due"] });
      void queryClient.invalidateQueries({ queryKey: ["desk"] });
    },
  });
}
