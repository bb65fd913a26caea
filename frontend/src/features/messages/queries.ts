/** The outbox: every planned message whatever became of it. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

export type MessageFilter = { status?: string; reason?: string; touch?: string; channel?: string; day?: string; cursor?: string };
export type MessageRow = {
  id: string;
  customer_id: string;
  customer_name: string;
  channel: string;
  purpose: string;
  touch_id: string | null;
  touch_name: string | null;
  template_name: string;
  status: string;
  reason: string | null;
  reason_sentence: string | null;
  arm: string | null;
  to: string | null;
  subject: string | null;
  planned_at: string;
  due_at: string;
  sent_at: string | null;
};
export type Decision = {
  verdict: string;
  family: string;
  reason: string | null;
  rule_id: string;
  basis: string;
  until: string | null;
  sentence: string | null;
};
export type Message = MessageRow & {
  html: string | null;
  text: string | null;
  headers: [string, string][];
  decision: Decision | null;
  handoff_decision: Decision | null;
  history: { status: string; at: string; detail: string | null }[];
  captured: boolean;
  unsubscribe_url: string | null;
};
type Page<T> = { items: T[]; next_cursor: string | null; prev_cursor: string | null; total: number | null; total_is_capped: boolean };

const keys = { all: ["messages"] as const };

export const messagesQuery = ({ touch, ...filter }: MessageFilter) =>
  queryOptions({
    queryKey: [...keys.all, "list", { touch, ...filter }],
    queryFn: ({ signal }) => answer<Page<MessageRow>>(api.GET("/v1/messages", { params: { query: { ...filter, touch_id: touch } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const countsQuery = (touch?: string) =>
  queryOptions({
    queryKey: [...keys.all, "counts", touch],
    queryFn: ({ signal }) =>
      answer<{ by_status: Record<string, number> }>(api.GET("/v1/messages/counts", { params: { query: { touch_id: touch } }, signal })),
    refetchInterval: 10_000,
  });

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.all, "one", id],
    queryFn: ({ signal }) => answer<Message>(api.GET("/v1/messages/{message_id}", { params: { path: { message_id: id } }, signal })),
  });

export function useResolve(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (outcome: "received" | "not_received") =>
      answer<unknown>(api.PUT("/v1/messages/{message_id}/resolution", { params: { path: { message_id: id } }, body: { outcome } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
