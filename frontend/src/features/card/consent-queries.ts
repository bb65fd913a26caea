/** What a person said about being written to. Never shown before the server has it: a consent is not optimistic. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";

export type Objection = {
  scope: "all" | "channel" | "purpose";
  channel?: string;
  purpose?: string;
  received_on: string;
  method: string;
  evidence?: unknown[];
  note?: string;
};
export type ConsentSaid = {
  purpose: string;
  channel: string | null;
  action: "GRANT" | "DENY";
  occurred_at: string;
  method: string;
  notice_version_id?: string;
  evidence: Record<string, string>[];
};
export type Notice = {
  id: string;
  code: string;
  purpose: string;
  name: string;
  current_version: { id: string; version: number; text: string; language: string; effective_from: string } | null;
};

const path = (customerId: string) => ({ path: { customer_id: customerId } });

export const noticesOptions = queryOptions({
  queryKey: ["notices"],
  queryFn: ({ signal }) => answer<{ items: Notice[] }>(api.GET("/v1/notices", { signal })).then((page) => page.items),
  staleTime: 5 * 60_000,
});

function useSaid<T>(customerId: string, send: (body: T) => Promise<unknown>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["customers", customerId] });
      void queryClient.invalidateQueries({ queryKey: ["recalls", "due"] });
      void queryClient.invalidateQueries({ queryKey: ["messages"] });
    },
  });
}

export const useObject = (customerId: string) =>
  useSaid(customerId, (body: Objection) =>
    answer(api.POST("/v1/customers/{customer_id}/objections", { params: path(customerId), body })),
  );

export const useRecordConsent = (customerId: string) =>
  useSaid(customerId, (body: ConsentSaid) =>
    answer(api.POST("/v1/customers/{customer_id}/consents", { params: path(customerId), body })),
  );
