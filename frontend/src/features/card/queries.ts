/** The card of one person: what the desk composes, what the gate answers, what they said and bought. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api, type Schemas } from "@/api/client";

export type ContactPoint = Schemas["ContactPointRead"];
export type Customer = Schemas["CustomerRead"];
export type Lane = Schemas["LaneRead"];
export type Card = Schemas["CardRead"];
export type Cell = Schemas["PermissionCell"];
export type Permissions = Schemas["PermissionMatrix"];
export type StoryEntry = Schemas["TimelineEntry"];
export type StoryKind = Schemas["TimelineKind"];
export type Note = Schemas["NoteRead"];
export type Transaction = Schemas["TransactionRead"];

const path = (customerId: string) => ({ path: { customer_id: customerId } });
const keyOf = (customerId: string, ...rest: unknown[]) => ["customers", customerId, ...rest] as const;

export const cardOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "card"),
    queryFn: ({ signal }) => answer(api.GET("/v1/customers/{customer_id}/card", { params: path(customerId), signal })),
  });

export const permissionsOptions = (customerId: string, at?: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "permissions", at ?? "now"),
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/customers/{customer_id}/permissions", { params: { ...path(customerId), query: at ? { at } : {} }, signal }),
      ),
  });

export const storyOptions = (customerId: string, kind: StoryKind) =>
  infiniteQueryOptions({
    queryKey: keyOf(customerId, "story", kind),
    queryFn: ({ pageParam, signal }) =>
      answer(
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
      answer(
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
      answer(api.GET("/v1/customers/{customer_id}/notes", { params: path(customerId), signal })).then((page) => page.items),
  });

/** The card as it is edited: the body and the tag that `If-Match` wants back. */
export const editableOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "editable"),
    queryFn: ({ signal }) => answerWithTag(api.GET("/v1/customers/{customer_id}", { params: path(customerId), signal })),
    staleTime: 0,
  });

const refresh = (queryClient: QueryClient, customerId: string) => queryClient.invalidateQueries({ queryKey: keyOf(customerId) });

export type CustomerChange = Pick<
  Schemas["CustomerWrite"],
  "given_name" | "family_name" | "birth_on" | "gender" | "language" | "acquisition_source" | "spending_capacity"
>;

export function useChangeCustomer(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ change, tag }: { change: CustomerChange; tag: string }) =>
      answer(
        api.PATCH("/v1/customers/{customer_id}", { params: path(customerId), body: change, headers: { "If-Match": tag } }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

export function useAddNote(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: string) =>
      answer(
        api.POST("/v1/customers/{customer_id}/notes", { params: path(customerId), body: { body } }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

export function useDeleteNote(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (note_id: string) =>
      answer(
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
      answer(api.PUT("/v1/customers/{customer_id}/interests", { params: path(customerId), body: { labels } })),
    onMutate: (labels) => showAtOnce(queryClient, key, { interests: labels }),
    onSettled: () => refresh(queryClient, customerId),
  });
}

function showAtOnce(queryClient: QueryClient, key: readonly unknown[], change: Partial<Customer>) {
  queryClient.setQueryData<Card>(key, (card) => card && { ...card, customer: { ...card.customer, ...change } });
}

export function useAddContactPoint(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["ContactPointWrite"]) =>
      answer(api.POST("/v1/customers/{customer_id}/contact-points", { params: path(customerId), body })),
    onSuccess: () => refresh(queryClient, customerId),
  });
}

export function useCloseContactPoint(customerId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (contact_point_id: string) =>
      answer(
        api.DELETE("/v1/customers/{customer_id}/contact-points/{contact_point_id}", {
          params: { path: { customer_id: customerId, contact_point_id } },
        }),
      ),
    onSuccess: () => refresh(queryClient, customerId),
  });
}
