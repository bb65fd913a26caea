/** What a person said and how it is proved: the ledger, its verification, signed forms, confirmed addresses, the gate's reasons. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type LedgerEntry = Schemas["ConsentRead"];
export type ConsentForm = Schemas["ConsentFormVersionRead"];
export type FormBox = Schemas["FormBoxRead"];
export type FilledForm = Schemas["FilledFormCreate"];
export type Choice = Schemas["Choice"];
export type Scan = Schemas["EvidenceFileRead"];
export type Confirmation = Schemas["ConfirmationRead"];
export type Question = Schemas["ExplanationAsk"];
export type Explanation = Schemas["GateExplanation"];
export type GateStep = Schemas["GateStepRead"];

const path = (customerId: string) => ({ path: { customer_id: customerId } });
const keyOf = (customerId: string, ...rest: unknown[]) => ["customers", customerId, ...rest] as const;

export const ledgerOptions = (customerId: string) =>
  infiniteQueryOptions({
    queryKey: keyOf(customerId, "ledger"),
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/v1/customers/{customer_id}/consents", {
          params: { ...path(customerId), query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const verificationOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "verification"),
    queryFn: ({ signal }) => answer(api.GET("/v1/customers/{customer_id}/consent-verification", { params: path(customerId), signal })),
  });

/** Forms people may sign, in the version in use. */
export const formsOptions = queryOptions({
  queryKey: ["consent-forms", "published"],
  queryFn: ({ signal }) =>
    answer(api.GET("/v1/consent-forms", { signal })).then((page) => page.items.flatMap((form) => (form.published ? [form.published] : []))),
  staleTime: 5 * 60_000,
});

export const confirmationsOptions = (customerId: string) =>
  queryOptions({
    queryKey: keyOf(customerId, "confirmations"),
    queryFn: ({ signal }) => answer(api.GET("/v1/customers/{customer_id}/address-confirmations", { params: path(customerId), signal })),
  });

function useRefreshing<T, R>(customerId: string, send: (body: T) => Promise<R>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keyOf(customerId) });
      void queryClient.invalidateQueries({ queryKey: ["messages"] });
    },
  });
}

/** Sends a picture or a PDF and gets back the hash under which it is kept. */
export const useUploadScan = () =>
  useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.append("file", file);
      return answer(api.POST("/v1/evidence", { body: { file: "", kind: "SCAN" }, bodySerializer: () => form }));
    },
  });

export const useFillForm = (customerId: string) =>
  useRefreshing(customerId, (body: FilledForm) =>
    answer(api.POST("/v1/customers/{customer_id}/filled-forms", { params: path(customerId), body })),
  );

export const useAskToConfirm = (customerId: string) =>
  useRefreshing(customerId, (body: Schemas["ConfirmationCreate"]) =>
    answer(api.POST("/v1/customers/{customer_id}/address-confirmations", { params: path(customerId), body })),
  );

export const useEnterCode = (customerId: string) =>
  useRefreshing(customerId, ({ id, code }: { id: string; code: string }) =>
    answer(
      api.POST("/v1/customers/{customer_id}/address-confirmations/{confirmation_id}/codes", {
        params: { path: { customer_id: customerId, confirmation_id: id } },
        body: { code },
      }),
    ),
  );

/** A question and nothing else: it sends nothing and keeps nothing. */
export const explanationOptions = (question: Question) =>
  queryOptions({
    queryKey: keyOf(question.customer_id, "explanation", question),
    queryFn: ({ signal }) => answer(api.POST("/v1/contact-decisions/explanations", { body: question, signal })),
    placeholderData: (before) => before,
  });

const at = (moment: string | undefined) => (moment ? `?at=${encodeURIComponent(moment)}` : "");

export const certificateAddress = (customerId: string, moment?: string) => `/v1/customers/${customerId}/consent-certificate${at(moment)}`;
export const paperFormAddress = (customerId: string) => `/v1/customers/${customerId}/paper-form`;
export const evidenceAddress = (sha256: string) => `/v1/evidence/${sha256}`;
