import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { meOptions } from "@/api/me";

export type Credentials = Schemas["SignIn"];

export const signInHintsOptions = queryOptions({
  queryKey: ["sign-in-hints"],
  queryFn: ({ signal }) => answer(api.GET("/v1/sign-in-hints", { signal })),
  staleTime: Infinity,
});

export function useSignIn() {
  return useMutation({ mutationFn: (body: Credentials) => answer(api.POST("/v1/sessions", { body })) });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => answer(api.DELETE("/v1/sessions/current")) });
}

export function useChangeMe() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["MePatch"]) => answer(api.PATCH("/v1/me", { body })),
    onSuccess: (me) => queryClient.setQueryData(meOptions.queryKey, me),
  });
}

export function useStepUp() {
  return useMutation({
    mutationFn: (body: Schemas["StepUp"]) => answer(api.POST("/v1/sessions/current/step-up", { body })),
  });
}
