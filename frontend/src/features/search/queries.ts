import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Found = Schemas["Found"];
export type EmailAnswer = Schemas["ContactDecision"];

/** What was typed says what to look for: a whole email, a card or phone in digits, else a name. */
export function lookupFor(text: string): Record<string, string> | null {
  const query = text.trim();
  if (query.length < 2) return null;
  if (/^\S+@\S+\.\S+$/.test(query)) return { email: query };
  return { q: query };
}

export function usePeopleLookup(text: string, limit = 7) {
  const lookup = lookupFor(text);
  return useQuery({
    // Kept in memory only: the text never reaches a URL, a log or storage (S-15).
    queryKey: ["lookups", lookup, limit],
    queryFn: ({ signal }) => answer(api.POST("/v1/customers/lookups", { body: { ...lookup, limit }, signal })),
    enabled: lookup !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  });
}

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
