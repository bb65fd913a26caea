/** How well messages arrive, what holds them and what waits. The only caller of the API in this feature. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Health = Schemas["DeliverabilityRead"];
export type Stream = Schemas["StreamHealthRead"];
export type Hold = Schemas["StreamHoldRead"];
export type Counts = Schemas["DeliveryCountsRead"];
export type Limits = Schemas["DeliveryLimitsRead"];
export type Day = Schemas["DeliveryDayRead"];
export type Receiver = Schemas["ReceiverHealthRead"];
export type Waiting = Schemas["WaitingRead"];
export type WaitingList = Schemas["WaitingListRead"];

/** One stream is named by its channel and what it carries. */
export type Line = Pick<Stream, "channel" | "stream">;

/** Complaints above the share to aim at; one person out of forty is no trend. */
export const areMany = ({ complaint_rate: rate, complained }: Counts, limits: Limits) =>
  rate !== null && rate >= limits.complaints_target && complained >= limits.few_complaints;

const keys = { all: ["deliverability"] as const };

export const healthQuery = queryOptions({
  queryKey: [...keys.all, "health"],
  queryFn: ({ signal }) => answer(api.GET("/v1/deliverability", { signal })),
  refetchInterval: 30_000,
});

export const daysQuery = ({ channel, stream }: Line) =>
  queryOptions({
    queryKey: [...keys.all, "days", channel, stream],
    queryFn: ({ signal }) => answer(api.GET("/v1/deliverability/days", { params: { query: { channel, stream } }, signal })),
    select: (found) => found.days,
  });

export const receiversQuery = ({ channel, stream }: Line) =>
  queryOptions({
    queryKey: [...keys.all, "receivers", channel, stream],
    queryFn: ({ signal }) => answer(api.GET("/v1/deliverability/receivers", { params: { query: { channel, stream } }, signal })),
    select: (found) => found.receivers,
    refetchInterval: 30_000,
  });

export const waitingQuery = queryOptions({
  queryKey: [...keys.all, "waiting"],
  queryFn: ({ signal }) => answer(api.GET("/v1/deliverability/waiting", { signal })),
  refetchInterval: 15_000,
});

const path = ({ channel, stream }: Line) => ({ params: { path: { channel, stream } } });

function useChange<Input>(mutationFn: (input: Input) => Promise<Hold>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: keys.all }), client.invalidateQueries({ queryKey: ["tasks"] })]),
  });
}

export const useHold = () =>
  useChange(({ note, ...line }: Line & { note: string }) => answer(api.PUT("/v1/stream-holds/{channel}/{stream}", { ...path(line), body: { note } })));
export const useLift = () =>
  useChange(({ because, ...line }: Line & { because: string }) =>
    answer(api.DELETE("/v1/stream-holds/{channel}/{stream}", { ...path(line), body: { because } })),
  );
