import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem";

/** A refusal is an answer and is not asked again; a silence is, once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 1 && !asProblem(error).isRefusal,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
