/** Who is signed in and for which business: read by every feature, so it lives beside the client. */
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { answer, api } from "./client";

export type Me = {
  id: string;
  name: string;
  email: string;
  role: string;
  scopes: string[];
  language: string;
  totp_enrolled: boolean;
  business: { name: string; timezone: string; currency: string; language: string; country: string };
  demo: boolean;
  captures_messages: boolean;
  step_up_until: string | null;
};

export const meOptions = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => answer<Me>(api.GET("/v1/me", { signal })),
  staleTime: 5 * 60_000,
});

/** Inside the shell, where the session is already there. */
export function useMe(): Me {
  return useSuspenseQuery(meOptions).data;
}

export function useMay(scope: string): boolean {
  return useMe().scopes.includes(scope);
}
