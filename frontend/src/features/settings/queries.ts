/** What an installation is told about itself: people, keys, senders, assessments. The only caller of the API in this feature. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { Problem, asProblem } from "@/api/problem";
import { problemWords } from "@/lib/problem-words";

export type Business = Schemas["BusinessRead"];
export type BusinessChange = Schemas["BusinessPatch"];
export type Store = Schemas["StoreRead"];
export type User = Schemas["UserRead"];
export type NewUser = Schemas["UserCreate"];
export type UserChange = Schemas["UserPatch"];
export type Token = Schemas["TokenRead"];
export type NewToken = Schemas["TokenCreate"];
export type Sender = Schemas["SenderRead"];
export type Check = Schemas["ReadinessRead"];
export type SigningKey = Schemas["SigningKeyRead"];
export type Assessment = Schemas["AssessmentRead"];

const keys = { all: ["settings"] as const };
const wholeList = { params: { query: { limit: 200 } } };

export const businessQuery = queryOptions({
  queryKey: [...keys.all, "business"],
  queryFn: ({ signal }) => answer(api.GET("/v1/business", { signal })),
});
export const storesQuery = queryOptions({
  queryKey: [...keys.all, "stores"],
  queryFn: ({ signal }) => answer(api.GET("/v1/stores", { ...wholeList, signal })).then((page) => page.items),
});
export const usersQuery = queryOptions({
  queryKey: [...keys.all, "users"],
  queryFn: ({ signal }) => answer(api.GET("/v1/users", { ...wholeList, signal })).then((page) => page.items),
});
export const tokensQuery = queryOptions({
  queryKey: [...keys.all, "tokens"],
  queryFn: ({ signal }) => answer(api.GET("/v1/tokens", { ...wholeList, signal })).then((page) => page.items),
});
export const sendersQuery = queryOptions({
  queryKey: [...keys.all, "senders"],
  queryFn: ({ signal }) => answer(api.GET("/v1/senders", { signal })).then((page) => page.items),
});
/** Which senders are being made known little by little, and how far they are. */
export const warmUpsQuery = queryOptions({
  queryKey: [...keys.all, "warm-ups"],
  queryFn: ({ signal }) => answer(api.GET("/v1/deliverability", { signal })),
  select: ({ streams }) => new Map(streams.flatMap(({ sender_id, warm_up }) => (warm_up ? [[sender_id, warm_up] as const] : []))),
});
export const assessmentQuery = queryOptions({
  queryKey: [...keys.all, "assessment"],
  queryFn: async ({ signal }): Promise<Assessment | null> => {
    try {
      return await answer(api.GET("/v1/assessments/{kind}", { params: { path: { kind: "LIA_POST" } }, signal }));
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

export const useSaveBusiness = () => useChange((body: BusinessChange) => answer(api.PATCH("/v1/business", { body })));

export const useSaveStore = () =>
  useChange(({ code, ...body }: Pick<Store, "code" | "name" | "city">) =>
    answer(api.PUT("/v1/stores/{code}", { params: { path: { code } }, body })),
  );

export const useAddUser = () => useChange((body: NewUser) => answer(api.POST("/v1/users", { body })));
export const useChangeUser = () =>
  useChange(({ id, ...body }: UserChange & { id: string }) =>
    answer(api.PATCH("/v1/users/{user_id}", { params: { path: { user_id: id } }, body })),
  );

export const useChangePassword = () =>
  useChange((body: Schemas["PasswordPut"]) => answer(api.PUT("/v1/me/password", { body })));
export const useOfferCode = () => useChange(() => answer(api.POST("/v1/me/totp")));
export const useConfirmCode = () => useChange((code: string) => answer(api.PUT("/v1/me/totp", { body: { code } })));
export const useRemoveCode = () => useChange(() => answer(api.DELETE("/v1/me/totp")));

export const useCreateToken = () => useChange((body: NewToken) => answer(api.POST("/v1/tokens", { body })));
export const useRevokeToken = () =>
  useChange((id: string) => answer(api.DELETE("/v1/tokens/{token_id}", { params: { path: { token_id: id } } })));

export const useSaveSender = () =>
  useChange(({ id, ...body }: Schemas["SenderPatch"] & { id: string }) =>
    answer(api.PATCH("/v1/senders/{sender_id}", { params: { path: { sender_id: id } }, body })),
  );

const senderPath = (id: string) => ({ params: { path: { sender_id: id } } });

/** Asks the network about the sender's domain now; the answer is the sender as it stands afterwards. */
export const useCheckSender = () => useChange((id: string) => answer(api.POST("/v1/senders/{sender_id}/checks", senderPath(id))));
export const useMakeSigningKey = () =>
  useChange(({ id, ...body }: Schemas["SigningKeyCreate"] & { id: string }) =>
    answer(api.POST("/v1/senders/{sender_id}/signing-key", { ...senderPath(id), body })),
  );
export const useWarmUp = () =>
  useChange(({ id, isOn }: { id: string; isOn: boolean }): Promise<unknown> =>
    isOn ? answer(api.PUT("/v1/senders/{sender_id}/warm-up", senderPath(id))) : answer(api.DELETE("/v1/senders/{sender_id}/warm-up", senderPath(id))),
  );
export const useRetireSigningKey = () =>
  useChange((id: string) => answer(api.DELETE("/v1/senders/{sender_id}/signing-key", senderPath(id))));

export const useSignAssessment = () =>
  useChange((body: Schemas["AssessmentPut"]) =>
    answer(api.PUT("/v1/assessments/{kind}", { params: { path: { kind: "LIA_POST" } }, body })),
  );

/** What the server says of each field, by its name; a refusal without fields lands on the whole form. */
export function fieldErrors(error: unknown): { of: (field: string) => string | undefined; whole: string | null } {
  if (!error) return { of: () => undefined, whole: null };
  const problem = asProblem(error);
  const byField = new Map(problem.errors.map(({ path, message }) => [path.split(".").at(-1) ?? path, message]));
  return { of: (field) => byField.get(field), whole: problem.errors.length ? null : problemWords(problem).title };
}
