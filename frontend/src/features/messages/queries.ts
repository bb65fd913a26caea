/** The outbox: every planned message whatever became of it. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Message = Schemas["MessageRead"];
export type MessageRow = Schemas["MessageRow"];
export type Decision = Schemas["KeptDecisionRead"];
export type MessageFilter = {
  status?: MessageRow["status"];
  reason?: string;
  touch?: string;
  channel?: MessageRow["channel"];
  day?: string;
  cursor?: string;
};

const keys = { all: ["messages"] as const };

export const messagesQuery = ({ touch, ...filter }: MessageFilter) =>
  queryOptions({
    queryKey: [...keys.all, "list", { touch, ...filter }],
    queryFn: ({ signal }) => answer(api.GET("/v1/messages", { params: { query: { ...filter, touch_id: touch } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const countsQuery = (touch?: string) =>
  queryOptions({
    queryKey: [...keys.all, "counts", touch],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/messages/counts", { params: { query: { touch_id: touch } }, signal })),
    refetchInterval: 10_000,
  });

/** The client loosens pairs to lists; the contract's own type keeps a header a name and a value. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.all, "one", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/messages/{message_id}", { params: { path: { message_id: id } }, signal })) as Promise<Message>,
  });

export function useResolve(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (outcome: "received" | "not_received") =>
      answer(api.PUT("/v1/messages/{message_id}/resolution", { params: { path: { message_id: id } }, body: { outcome } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
