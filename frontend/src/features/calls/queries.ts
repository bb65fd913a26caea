/** People who wait to be called, one at a time. The only caller of the API in this feature. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Waiting = Schemas["CallsWaiting"];
export type CallList = Schemas["CallsOfTouch"];
export type Call = Schemas["CallRead"];
export type Offer = Schemas["CallOffer"];
export type Outcome = Schemas["CallOutcomeCreate"];
export type Opening = Schemas["CallOpening"];

const keys = { all: ["calls"] as const, waiting: ["calls", "waiting"] as const };
const tenSeconds = 10_000;
/** A person stays for fifteen minutes; a screen that is alive says so well before. */
const renewEvery = 4 * 60_000;

export const waitingOptions = queryOptions({
  queryKey: keys.waiting,
  queryFn: ({ signal }) => answer(api.GET("/v1/calls/waiting", { signal })),
  refetchInterval: tenSeconds,
});

/** Asks the gate again every ten seconds, so that a no shows while the number is still on the screen (C-14). */
export const callOptions = (id: string) =>
  queryOptions({
    queryKey: [...keys.all, "one", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/calls/{call_id}", { params: { path: { call_id: id } }, signal })),
    refetchInterval: tenSeconds,
    refetchIntervalInBackground: true,
    retry: false,
    gcTime: 0,
  });

/** Says that somebody still has the person in front of them; a refusal shows at the next look of the gate. */
export const leaseOptions = (id: string) =>
  queryOptions({
    queryKey: [...keys.all, "lease", id],
    queryFn: () => answer(api.PUT("/v1/calls/{call_id}/lease", { params: { path: { call_id: id } } })),
    refetchInterval: renewEvery,
    refetchIntervalInBackground: true,
    staleTime: renewEvery,
    retry: false,
    gcTime: 0,
  });

/** Goes on until somebody is found: a list that is refused as a whole comes back by the hundred. */
async function nextCall(touch?: string): Promise<Offer> {
  const passedOver = new Map<string, number>();
  for (;;) {
    const offer = await answer(api.POST("/v1/calls", { body: { touch_id: touch ?? null } }));
    for (const { reason, count } of offer.refused) passedOver.set(reason, (passedOver.get(reason) ?? 0) + count);
    if (!offer.has_more) return { ...offer, refused: [...passedOver].map(([reason, count]) => ({ reason, count })) };
  }
}

export function useNextCall() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: nextCall,
    onSuccess: (offer) => {
      if (offer.call) client.setQueryData(callOptions(offer.call.id).queryKey, offer.call);
      return client.invalidateQueries({ queryKey: keys.waiting });
    },
  });
}

export function useRecord(id: string) {
  return useMutation({
    mutationFn: (body: Outcome) => answer(api.POST("/v1/calls/{call_id}/outcome", { params: { path: { call_id: id } }, body })),
  });
}

export function useGiveBack(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/v1/calls/{call_id}", { params: { path: { call_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.waiting }),
  });
}
