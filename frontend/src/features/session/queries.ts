import { queryOptions, useMutation } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Me } from "@/api/me";

export type Credentials = { email: string; password: string; code?: string };
type Hints = { business_name: string; language: string; demo: { email: string; password: string } | null };

export const signInHintsOptions = queryOptions({
  queryKey: ["sign-in-hints"],
  queryFn: ({ signal }) => answer<Hints>(api.GET("/v1/sign-in-hints", { signal })),
  staleTime: Infinity,
});

export function useSignIn() {
  return useMutation({ mutationFn: (body: Credentials) => answer<Me>(api.POST("/v1/sessions", { body })) });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => answer<void>(api.DELETE("/v1/sessions/current")) });
}

export function useStepUp() {
  return useMutation({
    mutationFn: (body: { code?: string; password?: string }) => answer<void>(api.POST("/v1/sessions/current/step-up", { body })),
  });
}
