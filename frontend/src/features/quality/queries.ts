/** How complete, valid and fresh the cards are. The only caller of the API in this feature. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Quality = Schemas["QualityRead"];
export type Field = Quality["fields"][number];
export type Count = Schemas["CountRead"];
export type Group = Quality["stores"][number] | Quality["sources"][number];
export type Trend = Quality["trend"];
export type Rank = Schemas["Rank"];
export type Ranks = Schemas["RanksRead"]["ranks"];
export type CardQuality = Schemas["CardQualityRead"];
export type Gap = CardQuality["parts"][number]["gaps"][number];

export const ranks: Rank[] = ["essential", "useful", "extra", "unused"];

/** Read again while every card is being scored, and once more when that ends. */
export const qualityOptions = queryOptions({
  queryKey: ["quality", "shop"],
  queryFn: ({ signal }) => answer(api.GET("/v1/quality", { signal })),
  refetchInterval: (query) => (query.state.data?.sweep?.state === "running" ? 2_000 : false),
});

export const ranksOptions = queryOptions({
  queryKey: ["quality", "ranks"],
  queryFn: ({ signal }) => answer(api.GET("/v1/quality/ranks", { signal })),
});

export function useRankFields() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (chosen: Ranks) => answer(api.PUT("/v1/quality/ranks", { body: { ranks: chosen } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["quality"] }),
  });
}

export const cardQualityOptions = (customer_id: string) =>
  queryOptions({
    queryKey: ["customers", customer_id, "quality"],
    queryFn: ({ signal }) => answer(api.GET("/v1/customers/{customer_id}/quality", { params: { path: { customer_id } }, signal })),
  });

export function useConfirmCard(customer_id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST("/v1/customers/{customer_id}/confirmations", { params: { path: { customer_id } } })),
    onSuccess: (card) => {
      queryClient.setQueryData(cardQualityOptions(customer_id).queryKey, card);
      void queryClient.invalidateQueries({ queryKey: ["quality"] });
    },
  });
}
