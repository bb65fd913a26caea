import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { measuresIn, type Source } from "./measured";

export type CustomerRow = Schemas["Page_CustomerRow_"]["items"][number];
export type CustomerPage = Schemas["Page_CustomerRow_"];

export const sorts = ["name", "-last_purchase", "-revenue", "-created_at"] as const;
export const stages = ["due", "late", "at_risk", "lost", "new", "active"] as const;

/** What the list shows, as the address bar says it: never a person. */
export type CustomerSearch = {
  sort?: (typeof sorts)[number];
  stage?: (typeof stages)[number];
  store_id?: string;
  tag?: string;
  city?: string;
  due?: boolean;
  /** Measures of «Qualità», joined by commas. */
  quality?: string;
  source?: Source;
  cursor?: string;
};

export const customerPageOptions = ({ quality, ...search }: CustomerSearch) =>
  queryOptions({
    queryKey: ["customers", "list", { ...search, quality }],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/customers", { params: { query: { ...search, quality: quality ? measuresIn(quality) : undefined, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const storesOptions = queryOptions({
  queryKey: ["stores"],
  queryFn: ({ signal }) => answer(api.GET("/v1/stores", { signal })).then((page) => page.items),
  staleTime: 10 * 60_000,
});

export type NewCustomerBody = Schemas["CustomerWrite"];

export function useCreateCustomer() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCustomerBody) => answer(api.POST("/v1/customers", { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["customers", "list"] }),
  });
}

export type Found = Schemas["Found"];

/** The text stays in memory: a person's name is never in a URL or in storage (S-15). */
export const peopleSearchOptions = (text: string) => {
  const query = text.trim();
  const body = /^\S+@\S+\.\S+$/.test(query) ? { email: query } : { q: query };
  return queryOptions({
    queryKey: ["lookups", "list", body],
    queryFn: ({ signal }): Promise<Found[]> =>
      answer(api.POST("/v1/customers/lookups", { body: { ...body, limit: 50 }, signal })).then((page) => page.items),
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
};

/** The gate's answer on an email with our offers, for the people in sight. */
export const emailAnswersOptions = (customerIds: string[]) =>
  queryOptions({
    queryKey: ["contact-decisions", "email", customerIds],
    queryFn: ({ signal }) =>
      answer(api.POST("/v1/contact-decisions", { body: { customer_ids: customerIds, purpose: "MKT_OWN", channel: "EMAIL" }, signal })).then(
        (body) => new Map(body.items.map((decision) => [decision.customer_id, decision])),
      ),
    enabled: customerIds.length > 0,
  });
