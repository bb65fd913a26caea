/** What messages earned against their control group. The only caller of the API in this feature. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type ResultKind = "campaign" | "recall";
export type Results = Schemas["ResultsRead"];
export type Difference = Schemas["DifferenceRead"];
export type ArmResult = Schemas["ArmRead"];
export type CurveDay = Schemas["CurvePointRead"];
export type MeasuredTouch = { kind: ResultKind; id: string; name: string };

export const resultsQuery = (kind: ResultKind, id: string) =>
  queryOptions({
    queryKey: ["results", kind, id],
    // The client loosens pairs to lists; the contract's own type keeps the two ends of an interval two.
    queryFn: ({ signal }) =>
      answer(
        kind === "campaign"
          ? api.GET("/v1/campaigns/{campaign_id}/results", { params: { path: { campaign_id: id } }, signal })
          : api.GET("/v1/recalls/{recall_id}/results", { params: { path: { recall_id: id } }, signal }),
      ) as Promise<Results>,
  });

/** Everything that has been sent and can therefore be measured, newest first, at most a page of each kind. */
export const measuredQuery = queryOptions({
  queryKey: ["results", "index"],
  queryFn: async ({ signal }): Promise<MeasuredTouch[]> => {
    const params = { query: { limit: 20 } };
    const [campaigns, recalls] = await Promise.all([
      answer(api.GET("/v1/campaigns", { params, signal })),
      answer(api.GET("/v1/recalls", { params, signal })),
    ]);
    return [
      ...campaigns.items.filter((campaign) => campaign.touch_id).map(({ id, name }) => ({ kind: "campaign" as const, id, name })),
      ...recalls.items.filter((recall) => recall.last_run).map(({ id, name }) => ({ kind: "recall" as const, id, name })),
    ];
  },
});
