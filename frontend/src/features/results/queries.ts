/** What messages earned against their control group. The only caller of the API in this feature. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Money } from "@/lib/formats";

export type ResultKind = "campaign" | "recall";
export type Difference = {
  metric: string;
  unit: "points" | "money";
  estimate: number;
  low: number | null;
  high: number | null;
  excludes_zero: boolean;
  note: string | null;
};
export type ArmResult = {
  arm: string;
  people: number;
  delivered: number;
  visitors: number | null;
  conversion_rate: number | null;
  conversion_interval: [number, number] | null;
  revenue: Money | null;
  revenue_per_person: Money | null;
  unsubscribed: number | null;
};
export type CurveDay = {
  day: number;
  treated: number;
  control: number;
  treated_low: number;
  treated_high: number;
  control_low: number;
  control_high: number;
};
export type Results = {
  touch_id: string | null;
  name: string;
  kind: string;
  state: "open" | "closed";
  verdict: { code: "worked" | "harmed" | "none" | "more" | "invalid" | "off"; sentence: string };
  planned_n: number;
  needed_n: number | null;
  closes_on: string | null;
  srm_p: number | null;
  arms: ArmResult[];
  differences: Difference[];
  incremental: { people: { estimate: number; low: number; high: number } | null };
  attributed: { rule: string; orders: number; revenue: Money };
  cost: Money;
  curve: CurveDay[];
  as_of: string;
};
export type MeasuredTouch = { kind: ResultKind; id: string; name: string };

const places = { campaign: "campaigns", recall: "recalls" } as const;

export const resultsQuery = (kind: ResultKind, id: string) =>
  queryOptions({
    queryKey: ["results", kind, id],
    queryFn: ({ signal }) => answer<Results>(api.GET(`/v1/${places[kind]}/{id}/results`, { params: { path: { id } }, signal })),
  });

type Named = { id: string; name: string; state?: string; touch_id?: string | null };

/** Everything that has been sent and can therefore be measured, newest first, at most a page of each kind. */
export const measuredQuery = queryOptions({
  queryKey: ["results", "index"],
  queryFn: async ({ signal }): Promise<MeasuredTouch[]> => {
    const params = { query: { limit: 20 } };
    const [campaigns, recalls] = await Promise.all([
      answer<{ items: Named[] }>(api.GET("/v1/campaigns", { params, signal })),
      answer<{ items: (Named & { last_run: unknown })[] }>(api.GET("/v1/recalls", { params, signal })),
    ]);
    return [
      ...campaigns.items.filter((campaign) => campaign.touch_id).map(({ id, name }) => ({ kind: "campaign" as const, id, name })),
      ...recalls.items.filter((recall) => recall.last_run).map(({ id, name }) => ({ kind: "recall" as const, id, name })),
    ];
  },
});
