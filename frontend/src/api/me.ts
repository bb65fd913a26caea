/** Who is signed in and for which business: read by every feature, so it lives beside the client. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
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

export function useMay(scope: string): boolean {
  return useMe().scopes.includes(scope);
}
