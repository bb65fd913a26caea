/** What an installation is told about itself: people, keys, senders, notices. The only caller of the API in this feature. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { Problem, asProblem } from "@/api/problem";

export type Business = {
  name: string;
  address: string;
  email: string;
  phone: string;
  country: string;
  timezone: string;
  currency: string;
  language: string;
  is_invented: boolean;
};
export type Store = { id: string; code: string; name: string; city: string | null; timezone: string | null };
export type User = { id: string; email: string; name: string; role: string; language: string; is_active: boolean; created_at: string };
export type Token = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  created_by: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
};
export type Sender = {
  id: string;
  channel: string;
  stream: string;
  name: string;
  address: string;
  reply_to: string | null;
  is_ready: boolean;
  readiness: { code: string; ok: boolean; detail: string }[];
  version: number;
};
export type NoticeVersion = {
  id: string;
  version: number;
  language: string;
  text: string;
  text_sha256: string;
  offers_opt_out: boolean;
  effective_from: string;
};
export type Notice = { id: string; code: string; purpose: string; name: string; current_version: NoticeVersion | null; versions: NoticeVersion[] };
export type Assessment = { kind: string; signed_on: string; approver: string; document_sha256: string | null; recorded_at: string };
type Page<T> = { items: T[]; total: number | null };

const keys = { all: ["settings"] as const };
const wholeList = { params: { query: { limit: 200 } } };

const list = <T>(name: string, path: string) =>
  queryOptions({
    queryKey: [...keys.all, name],
    queryFn: ({ signal }) => answer<Page<T>>(api.GET(path, { ...wholeList, signal })).then((page) => page.items),
  });

export const businessQuery = queryOptions({
  queryKey: [...keys.all, "business"],
  queryFn: ({ signal }) => answer<Business>(api.GET("/v1/business", { signal })),
});
export const storesQuery = list<Store>("stores", "/v1/stores");
export const usersQuery = list<User>("users", "/v1/users");
export const tokensQuery = list<Token>("tokens", "/v1/tokens");
export const sendersQuery = queryOptions({
  queryKey: [...keys.all, "senders"],
  queryFn: ({ signal }) => answer<Sender[] | Page<Sender>>(api.GET("/v1/senders", { signal })).then((body) => (Array.isArray(body) ? body : body.items)),
});
export const noticesQuery = queryOptions({
  queryKey: [...keys.all, "notices"],
  queryFn: ({ signal }) => answer<Page<Notice>>(api.GET("/v1/notices", { signal })).then((page) => page.items),
});
export const assessmentQuery = queryOptions({
  queryKey: [...keys.all, "assessment"],
  queryFn: async ({ signal }): Promise<Assessment | null> => {
    try {
      return await answer<Assessment>(api.GET("/v1/assessments/{kind}", { params: { path: { kind: "LIA_POST" } }, signal }));
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  },
});

/** A change of settings: afterwards everything shown here is asked again, and so is who one is. */
function useChange<Input, Output = unknown>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: keys.all }), client.invalidateQueries({ queryKey: ["me"] })]),
  });
}

export const useSaveBusiness = () => useChange((body: Partial<Business>) => answer<Business>(api.PATCH("/v1/business", { body })));

export const useSaveStore = () =>
  useChange(({ code, ...body }: Pick<Store, "code" | "name" | "city">) =>
    answer<Store>(api.PUT("/v1/stores/{code}", { params: { path: { code } }, body })),
  );

export type NewUser = { name: string; email: string; role: string; password: string; language: string };
export const useAddUser = () => useChange((body: NewUser) => answer<User>(api.POST("/v1/users", { body })));
export const useChangeUser = () =>
  useChange(({ id, ...body }: { id: string; role?: string; is_active?: boolean }) =>
    answer<User>(api.PATCH("/v1/users/{user_id}", { params: { path: { user_id: id } }, body })),
  );

export const useChangePassword = () =>
  useChange((body: { current_password: string; new_password: string }) => answer<void>(api.PUT("/v1/me/password", { body })));
export const useOfferCode = () => useChange(() => answer<{ secret: string; otpauth_uri: string }>(api.POST("/v1/me/totp")));
export const useConfirmCode = () => useChange((code: string) => answer<{ recovery_codes: string[] }>(api.PUT("/v1/me/totp", { body: { code } })));
export const useRemoveCode = () => useChange(() => answer<void>(api.DELETE("/v1/me/totp")));

export type NewToken = { name: string; scopes: string[]; expires_on?: string };
export const useCreateToken = () => useChange((body: NewToken) => answer<Token & { token: string }>(api.POST("/v1/tokens", { body })));
export const useRevokeToken = () =>
  useChange((id: string) => answer<void>(api.DELETE("/v1/tokens/{token_id}", { params: { path: { token_id: id } } })));

export const useSaveSender = () =>
  useChange(({ id, ...body }: { id: string; name?: string; address?: string; reply_to?: string | null }) =>
    answer<Sender>(api.PATCH("/v1/senders/{sender_id}", { params: { path: { sender_id: id } }, body })),
  );

export type NewVersion = { language: string; text: string; offers_opt_out: boolean };
export type NewNotice = NewVersion & { code: string; name: string; purpose: string };
export const useCreateNotice = () => useChange((body: NewNotice) => answer<Notice>(api.POST("/v1/notices", { body })));
export const usePublishVersion = (id: string) =>
  useChange((body: NewVersion) => answer<unknown>(api.POST("/v1/notices/{notice_id}/versions", { params: { path: { notice_id: id } }, body })));

export const useSignAssessment = () =>
  useChange((body: { signed_on: string; approver: string; document_sha256?: string }) =>
    answer<Assessment>(api.PUT("/v1/assessments/{kind}", { params: { path: { kind: "LIA_POST" } }, body })),
  );

/** What the server says of each field, by its name; a refusal without fields lands on the whole form. */
export function fieldErrors(error: unknown): { of: (field: string) => string | undefined; whole: string | null } {
  if (!error) return { of: () => undefined, whole: null };
  const problem = asProblem(error);
  const byField = new Map(problem.errors.map(({ path, message }) => [path.split(".").at(-1) ?? path, message]));
  return { of: (field) => byField.get(field), whole: problem.errors.length ? null : (problem.detail ?? problem.title) };
}
