/** Notices, and the forms that quote them. The only caller of the API in this feature. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Notice = Schemas["NoticeRead"];
export type NoticeVersion = Schemas["NoticeVersionRead"];
export type NewNotice = Schemas["NoticeCreate"];
export type NewVersion = Schemas["NoticeVersionCreate"];
export type Purpose = Schemas["Purpose"];
export type Channel = Schemas["Channel"];
export type ConsentForm = Schemas["ConsentFormRead"];
export type FormVersion = Schemas["ConsentFormVersionRead"];
export type NewForm = Schemas["ConsentFormCreate"];
export type FormChange = Schemas["ConsentFormPatch"];
export type FormMedium = Schemas["FormMedium"];

export const purposes: Purpose[] = ["MKT_OWN", "PROFILING", "MARKET_RESEARCH", "THIRD_PARTY", "LOYALTY", "SERVICE", "TRACK_OPEN", "TRACK_CLICK", "SPECIAL_CAT"];
export const channels: Channel[] = ["EMAIL", "SMS", "WHATSAPP", "PUSH", "PHONE_OPERATOR", "PHONE_AUTO", "POST"];
export const media: FormMedium[] = ["paper", "tablet", "web"];

/** Under the same first word as every other place that lists notices, so that all of them hear of a change. */
const keys = { notices: ["notices"] as const, forms: ["consent-forms"] as const };

export const noticesQuery = queryOptions({
  queryKey: [...keys.notices, "desk"],
  queryFn: ({ signal }) => answer(api.GET("/v1/notices", { signal })).then((page) => page.items),
});

export const formsQuery = queryOptions({
  queryKey: [...keys.forms, "list"],
  queryFn: ({ signal }) => answer(api.GET("/v1/consent-forms", { signal })).then((page) => page.items),
});

export const formQuery = (form_id: string) =>
  queryOptions({
    queryKey: [...keys.forms, "one", form_id],
    queryFn: ({ signal }) => answer(api.GET("/v1/consent-forms/{form_id}", { params: { path: { form_id } }, signal })),
  });

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => Promise.all([keys.notices, keys.forms, ["settings"]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export const useCreateNotice = () => useChange((body: NewNotice) => answer(api.POST("/v1/notices", { body })));
export const usePublishVersion = (notice_id: string) =>
  useChange((body: NewVersion) => answer(api.POST("/v1/notices/{notice_id}/versions", { params: { path: { notice_id } }, body })));

export const useCreateForm = () => useChange((body: NewForm) => answer(api.POST("/v1/consent-forms", { body })));
export const useChangeForm = (form_id: string) =>
  useChange((body: FormChange) => answer(api.PATCH("/v1/consent-forms/{form_id}", { params: { path: { form_id } }, body })));
export const usePublishForm = (form_id: string) =>
  useChange(() => answer(api.POST("/v1/consent-forms/{form_id}/publications", { params: { path: { form_id } } })));
