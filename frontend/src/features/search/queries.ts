import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Family } from "@/ui/permission-badge";

export type Found = {
  id: string;
  full_name: string;
  city: string | null;
  card_end: string | null;
  phone_end: string | null;
  last_purchase_on: string | null;
  email_permission: { verdict: string; family: Family; reason: string | null } | null;
};

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
    queryFn: ({ signal }) => answer<{ items: Found[] }>(api.POST("/v1/customers/lookups", { body: { ...lookup, limit }, signal })),
    enabled: lookup !== null,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  });
}
