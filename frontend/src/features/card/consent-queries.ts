/** What a person said about being written to. Never shown before the server has it: a consent is not optimistic. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Objection = Schemas["ObjectionCreate"];
export type ConsentSaid = Schemas["ConsentCreate"];
export type Notice = Schemas["NoticeRead"];

const path = (customerId: string) => ({ path: { customer_id: customerId } });

export const noticesOptions = queryOptions({
  queryKey: ["notices"],
  queryFn: ({ signal }) => answer(api.GET("/v1/notices", { signal })).then((page) => page.items),
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
