/** Third parties, and what they must be told about people. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import type { paths } from "@/api/schema";

export type Recipient = paths["/v1/recipients"]["get"]["responses"][200]["content"]["application/json"]["items"][number];
export type NewRecipient = Schemas["RecipientCreate"];
export type RecipientChange = Schemas["RecipientPatch"];
export type ToTell = Schemas["DisclosureNoticeRead"];

const all = ["disclosures"] as const;

export const recipientsQuery = queryOptions({
  queryKey: [...all, "recipients"],
  queryFn: ({ signal }) => answer(api.GET("/v1/recipients", { signal })).then((page) => page.items),
});

export const toTellQuery = (state: ToTell["state"] | undefined, cursor?: string) =>
  queryOptions({
    queryKey: [...all, "notices", state, cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/disclosure-notices", { params: { query: { state, cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: all });
      void client.invalidateQueries({ queryKey: ["tasks"] });
    },
  });
}

export const useAddRecipient = () => useChange((body: NewRecipient) => answer(api.POST("/v1/recipients", { body })));
export const useChangeRecipient = () =>
  useChange(({ id, version, ...body }: RecipientChange & Pick<Recipient, "id" | "version">) =>
    answer(api.PATCH("/v1/recipients/{recipient_id}", { params: { path: { recipient_id: id }, header: { "If-Match": `"v${version}"` } }, body })),
  );
export const useActivate = () => useChange((recipient_id: string) => answer(api.PUT("/v1/recipients/{recipient_id}/activation", { params: { path: { recipient_id } } })));
export const useEnd = () => useChange((recipient_id: string) => answer(api.DELETE("/v1/recipients/{recipient_id}/activation", { params: { path: { recipient_id } } })));
export const useSettle = () => useChange((notice_id: string) => answer(api.PUT("/v1/disclosure-notices/{notice_id}/settlement", { params: { path: { notice_id } } })));
