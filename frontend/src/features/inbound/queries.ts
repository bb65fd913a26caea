/** What comes back by mail and by text, and what a person says of it. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import type { RemoteOption } from "@/ui/remote-select";

export type Mail = Schemas["InboundMailRead"];
export type MailRow = Schemas["InboundMailRow"];
export type MailKind = Schemas["MailKind"];
export type MailHandling = Schemas["InboundMailHandlingPut"];
export type TextRow = Schemas["InboundTextRead"];
export type TextOutcome = Schemas["InboundTextHandlingPut"]["outcome"];

/** By which way it came back, whether everything is asked for or only what waits, and what is open. */
export type InboundFilter = { by?: "texts"; show?: "all"; kind?: MailKind; cursor?: string };

const keys = { all: ["inbound"] as const };
const path = (id: string) => ({ params: { path: { mail_id: id } } });

export const mailsQuery = ({ show, kind, cursor }: InboundFilter) =>
  queryOptions({
    queryKey: [...keys.all, "mails", { show, kind, cursor }],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/inbound-mails", { params: { query: { is_open: show === "all" ? undefined : true, kind, cursor } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export const mailQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.all, "mail", id],
    queryFn: ({ signal }) => answer(api.GET("/v1/inbound-mails/{mail_id}", { ...path(id), signal })),
    // The words of a stranger are not kept in memory longer than they are read.
    gcTime: 0,
  });

export const textsQuery = ({ show, cursor }: InboundFilter) =>
  queryOptions({
    queryKey: [...keys.all, "texts", { show, cursor }],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/inbound-texts", { params: { query: { is_open: show === "all" ? undefined : true, cursor } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

export async function searchPeople(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const found = await answer(api.POST("/v1/customers/lookups", { body: { q, limit: 7 }, signal }));
  return found.items.map(({ id, full_name, city }) => ({ value: id, label: city ? `${full_name} · ${city}` : full_name }));
}

function useAfterwards() {
  const client = useQueryClient();
  return () =>
    Promise.all([client.invalidateQueries({ queryKey: keys.all }), client.invalidateQueries({ queryKey: ["tasks"] })]);
}

export function useHandleMail(id: string) {
  const onSuccess = useAfterwards();
  return useMutation({
    mutationFn: (body: MailHandling) => answer(api.PUT("/v1/inbound-mails/{mail_id}/handling", { ...path(id), body })),
    onSuccess,
  });
}

export function useHandleText(id: string) {
  const onSuccess = useAfterwards();
  return useMutation({
    mutationFn: (outcome: TextOutcome) =>
      answer(api.PUT("/v1/inbound-texts/{inbound_text_id}/handling", { params: { path: { inbound_text_id: id } }, body: { outcome } })),
    onSuccess,
  });
}
