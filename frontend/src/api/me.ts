/** Who is signed in and for which business: read by every feature, so it lives beside the client. */
import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "./client";

export type Me = Schemas["Me"];

export const meOptions = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => answer(api.GET("/v1/me", { signal })),
  staleTime: 5 * 60_000,
});

/** Inside the shell, where the session is already there. */
export function useMe(): Me {
  return useSuspenseQuery(meOptions).data;
}

/** What the server would let these scopes do: `*` is everything, writing includes reading. It decides again on every request. */
export function allows(scopes: readonly string[], scope: string): boolean {
  return scopes.includes("*") || scopes.includes(scope) || scopes.includes(scope.replace(/:read$/, ":write"));
}

export function useMay(scope: string): boolean {
  return allows(useQuery(meOptions).data?.scopes ?? [], scope);
}

/** Where somebody lands: the first place of their work (UX §3). */
export function landingOf(me: Me): string {
  if (allows(me.scopes, "recalls:read")) return "/";
  if (allows(me.scopes, "privacy:write")) return "/privacy";
  return allows(me.scopes, "customers:read") ? "/customers" : "/results";
}
