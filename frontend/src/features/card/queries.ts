/** The card of one person: what the desk composes, what the gate answers, what they said and bought. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api } from "@/api/client";
import type { Money } from "@/lib/formats";
import type { Family } from "@/ui/permission-badge";

export type ContactPoint = {
  id: string;
  kind: "EMAIL" | "PHONE" | "POSTAL";
  value: string;
  display: string;
  is_mobile: boolean | null;
  level: "UNVERIFIED" | "DELIVERED_OK" | "CONFIRMED";
  is_primary: boolean;
  invalid_at: string | null;
  hard_bounced_at: string | null;
  address: Record<string, string | null> | null;
  source: string;
  valid_from: string;
};
export type Customer = {
  id: string;
  subject_type: string;
  given_name: string | null;
  family_name: string | null;
  full_name: string;
  birth_on: string | null;
  age_band: string | null;
  is_minor_flagged: boolean;
  gender: string | null;
  language: string;
  acquisition_source: string | null;
  first_contact_on: string | null;
  spending_capacity: string | null;
  city: string | null;
  tags: string[];
  interests: string[];
  contact_points: ContactPoint[];
  identifiers: { id: string; kind: string; source: string; value: string; valid_from: string; valid_to: string | null }[];
  deceased_at: string | null;
  restricted_at: string | null;
  erased_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
};
export type Lane = {
  category_id: string;
  name: string;
  visit_days: number;
  revenue: Money;
  last_on: string | null;
  due_on: string | null;
  likely_from: string | null;
  likely_to: string | null;
  visits: string[];
};
export type Profile = {
  purchases: number;
  returns: number;
  revenue: Money;
  mean_basket: Money | null;
  first_purchase_on: string | null;
  last_purchase_on: string | null;
  last_amount: Money | null;
  visit_days: number;
  revenue_12m: Money;
  visits_12m: number;
};
export type Score = {
  stage: string;
  stage_since: string;
  due_on: string;
  likely_from: string;
  likely_to: string;
  p_alive: number;
  next_on: string | null;
  due_category_name: string | null;
  reason: string;
  as_of: string;
};
export type Card = {
  customer: Customer;
  profile: Profile | null;
  score: Score | null;
  visits: string[];
  top_categories: Lane[];
  last_note: { body: string; author_name: string; created_at: string } | null;
};
export type Cell = {
  channel: string | null;
  verdict: string;
  family: Family;
  reason: string | null;
  rule_id: string;
  basis: string | null;
  sentence: string;
  remedy: string | null;
  until: string | null;
  evidence: { kind: string; id: string | null; label: string; at: string | null }[];
  also: unknown[];
};
export type Permissions = { at: string; rows: { purpose: string; cells: Cell[] }[] };
export type StoryEntry = {
  kind: "purchase" | "return" | "message" | "note" | "consent";
  at: string;
  subject_id: string;
  title: string | null;
  detail: Record<string, unknown>;
  amount: Money | null;
  status: string | null;
  reason: string | null;
};
export type StoryKind = "all" | "purchases" | "messages" | "notes" | "consents";
export type Note = { id: string; body: string; author_name: string; created_at: string };
export type Transaction = {
  id: string;
  source: string;
  external_id: string;
  kind: string;
  occurred_at: string;
  store_name: string | null;
  channel: string | null;
  total: Money;
  lines: { line_no: number; sku: string | null; name: string; category_name: string | null; quantity: string; total: Money }[];
  original_id: string | null;
};
type Page<T> = { items: T[]; next_cursor: string | null; total: number | null };

const path = (customerId: string) => ({ path: { customer_id: customerId } });
const keyOf = (customerId: string, ...rest: unknown[]) => ["customers", customerId, ...rest] as const;

export const cardOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "card"),
    queryFn: ({ signal }) => answer<Card>(api.GET("/v1/customers/{customer_id}/card", { params: path(customerId), signal })),
  });

export const permissionsOptions = (customerId: string, at?: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "permissions", at ?? "now"),
    queryFn: ({ signal }) =>
      answer<Permissions>(
        api.GET("/v1/customers/{customer_id}/permissions", { params: { ...path(customerId), query: at ? { at } : {} }, signal }),
      ),
  });

export const storyOptions = (customerId: string, kind: StoryKind) =>
  infiniteQueryOptions({
    queryKey: keyOf(customerId, "story", kind),
    queryFn: ({ pageParam, signal }) =>
      answer<Page<StoryEntry>>(
        api.GET("/v1/customers/{customer_id}/timeline", {
          params: { ...path(customerId), query: { kind, limit: 12, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const purchasesOptions = (customerId: string) =>
  infiniteQueryOptions({
    queryKey: keyOf(customerId, "purchases"),
    queryFn: ({ pageParam, signal }) =>
      answer<Page<Transaction>>(
        api.GET("/v1/customers/{customer_id}/transactions", {
          params: { ...path(customerId), query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const notesOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "notes"),
    queryFn: ({ signal }) =>
      answer<Page<Note>>(api.GET("/v1/customers/{customer_id}/notes", { params: path(customerId), signal })).then((page) => page.items),
  });

/** The card as it is edited: the body and the tag that `If-Match` wants back. */
export const editableOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "editable"),
    queryFn: ({ signal }) => answerWithTag<Customer>(api.GET("/v1/customers/{customer_id}", { params: path(customerId), signal })),
    staleTime: 0,
  });

const refresh = (queryClient: QueryClient, customerId: string) => queryClient.invalidateQueries({ queryKey: keyOf(customerId) });

export type CustomerChange = Partial<
  Pick<Customer, "given_name" | "family_name" | "birth_on" | "gender" | "language" | "acquisition_source" | "spending_capacity">
>;

export function useChangeCustomer(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ change, tag }: { change: CustomerChange; tag: string }) =>
      answer<Customer>(
        api.PATCH("/v1/customers/{customer_id}", { params: path(customerId), body: change, headers: { "If-Match": tag } }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

export function useAddNote(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: string) =>
      answer<Note & { warnings?: string[] }>(
        api.POST("/v1/customers/{customer_id}/notes", { params: path(customerId), body: { body } }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

export function useDeleteNote(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (note_id: string) =>
      answer<void>(
        api.DELETE("/v1/customers/{customer_id}/notes/{note_id}", { params: { path: { customer_id: customerId, note_id } } }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

/** Tags are shown at once and taken back if the server refuses: nothing depends on them being right this second. */
export function useTags(customerId: string) {
  const queryClient = useQueryClient();
  const key = cardOptions(customerId).queryKey;
  return useMutation({
    mutationFn: async ({ before, after }: { before: string[]; after: string[] }) => {
      for (const tag of after.filter((each) => !before.includes(each))) {
        await answer(api.PUT("/v1/customers/{customer_id}/tags/{tag}", { params: { path: { customer_id: customerId, tag } } }));
      }
      for (const tag of before.filter((each) => !after.includes(each))) {
        await answer(api.DELETE("/v1/customers/{customer_id}/tags/{tag}", { params: { path: { customer_id: customerId, tag } } }));
      }
    },
    onMutate: ({ after }) => showAtOnce(queryClient, key, { tags: after }),
    onSettled: () => refresh(queryClient, customerId),
  });
}

export function useInterests(customerId: string) {
  const queryClient = useQueryClient();
  const key = cardOptions(customerId).queryKey;
  return useMutation({
    mutationFn: (labels: string[]) =>
      answer<Customer>(api.PUT("/v1/customers/{customer_id}/interests", { params: path(customerId), body: { labels } })),
    onMutate: (labels) => showAtOnce(queryClient, key, { interests: labels }),
    onSettled: () => refresh(queryClient, customerId),
  });
}

function showAtOnce(queryClient: QueryClient, key: readonly unknown[], change: Partial<Customer>) {
  queryClient.setQueryData<Card>(key, (card) => card && { ...card, customer: { ...card.customer, ...change } });
}

export type ContactPointAdded = { kind: string; value?: string; address?: Record<string, string>; is_primary: boolean };

export function useAddContactPoint(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ContactPointAdded) =>
      answer<ContactPoint>(api.POST("/v1/customers/{customer_id}/contact-points", { params: path(customerId), body })),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

export function useCloseContactPoint(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (contact_point_id: string) =>
      answer<void>(
        api.DELETE("/v1/customers/{customer_id}/contact-points/{contact_point_id}", {
          params: { path: { customer_id: customerId, contact_point_id } },
        }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}
