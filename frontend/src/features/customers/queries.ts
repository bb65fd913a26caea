import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Money } from "@/lib/formats";
import type { Family } from "@/ui/permission-badge";

export type CustomerRow = {
  id: string;
  full_name: string;
  city: string | null;
  last_purchase_on: string | null;
  revenue_12m: Money;
  visit_days: number;
  stage: string | null;
  due_on: string | null;
  likely_from: string | null;
  likely_to: string | null;
  recent_visits: string[];
  email_permission: { verdict: string; family: Family; reason: string | null; rule_id: string; sentence: string; remedy: string | null; until: string | null };
};
export type CustomerPage = {
  items: CustomerRow[];
  next_cursor: string | null;
  prev_cursor: string | null;
  total: number | null;
  total_is_capped: boolean;
};
export type Store = { id: string; code: string; name: string; city: string | null };

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
  cursor?: string;
};

export const customerPageOptions = (search: CustomerSearch) =>
  queryOptions({
    queryKey: ["customers", "list", search],
    queryFn: ({ signal }) => answer<CustomerPage>(api.GET("/v1/customers", { params: { query: { ...search, limit: 50 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const storesOptions = queryOptions({
  queryKey: ["stores"],
  queryFn: ({ signal }) => answer<{ items: Store[] }>(api.GET("/v1/stores", { signal })).then((page) => page.items),
  staleTime: 10 * 60_000,
});

export type NewCustomerBody = {
  given_name?: string;
  family_name?: string;
  birth_on?: string;
  language: string;
  cards?: string[];
  email?: string;
  phone?: string;
  address?: { street: string; postal_code?: string; city: string };
  acquisition_source: string;
};

export function useCreateCustomer() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCustomerBody) => answer<{ id: string; full_name: string }>(api.POST("/v1/customers", { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["customers", "list"] }),
  });
}

export type Found = {
  id: string;
  full_name: string;
  city: string | null;
  card_end: string | null;
  phone_end: string | null;
  last_purchase_on?: string | null;
  email_permission?: CustomerRow["email_permission"] | null;
};

/** The text stays in memory: a person's name is never in a URL or in storage (S-15). */
export const peopleSearchOptions = (text: string) => {
  const query = text.trim();
  const body = /^\S+@\S+\.\S+$/.test(query) ? { email: query } : { q: query };
  return queryOptions({
    queryKey: ["lookups", "list", body],
    queryFn: ({ signal }): Promise<Found[]> =>
      answer<{ items: Found[] }>(api.POST("/v1/customers/lookups", { body: { ...body, limit: 50 }, signal })).then((page) => page.items),
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
};
