/** Campaigns from draft to results. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api, type Schemas } from "@/api/client";
import { Problem } from "@/api/problem";

export type Campaign = Schemas["CampaignRead"];
export type CampaignState = Campaign["state"];
export type CampaignChange = Schemas["CampaignPatch"];
export type Progress = Schemas["ProgressRead"];
export type Rehearsal = Schemas["RehearsalRead"];
export type Recipient = Schemas["RecipientRead"];
export type Wait = Schemas["WaitingRead"];
export type TemplateChoice = Schemas["TemplateRead"];
type Tagged = { body: Campaign; tag: string };

const keys = { all: ["campaigns"] as const, one: (id: string) => ["campaigns", id] as const };
const path = (id: string) => ({ params: { path: { campaign_id: id } } });

export const isRunning = (campaign: Campaign) => campaign.state === "sending" || campaign.state === "scheduled";

export const campaignsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/campaigns", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.items.some(isRunning) ? 2_000 : false),
  });

/** Polled every two seconds while something runs, so that progress is live and a stop shows at once. */
export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag(api.GET("/v1/campaigns/{campaign_id}", { ...path(id), signal })),
    refetchInterval: (query) => (query.state.data && isRunning(query.state.data.body) ? 2_000 : false),
  });

export const rehearsalQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "rehearsal"],
    queryFn: async ({ signal }): Promise<Rehearsal | null> => {
      try {
        return await answer(api.GET("/v1/campaigns/{campaign_id}/rehearsals/latest", { ...path(id), signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });

export type RecipientFilter = { status?: Recipient["status"]; reason?: string; cursor?: string };

export const recipientsQuery = (campaign: Campaign, { status, reason, cursor }: RecipientFilter) =>
  queryOptions({
    queryKey: [...keys.one(campaign.id), "recipients", { status, reason, cursor }],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/campaigns/{campaign_id}/recipients", {
          params: { path: { campaign_id: campaign.id }, query: { status, reason, cursor } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: isRunning(campaign) ? 5_000 : false,
  });

/** How many are in each state: the sums of the list of recipients, and the same for as long as it is shown. */
export const recipientCountsQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: [...keys.one(campaign.id), "counts"],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/messages/counts", { params: { query: { touch_id: campaign.touch_id ?? undefined } }, signal })),
    enabled: campaign.touch_id !== null,
    refetchInterval: isRunning(campaign) ? 2_000 : false,
  });

/** What of this campaign waits, and why; nothing does once it is over. */
export const waitsQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: [...keys.one(campaign.id), "waits"],
    queryFn: ({ signal }) => answer(api.GET("/v1/deliverability/waiting", { signal })),
    select: ({ items }) => items.filter((item) => item.touch_id === campaign.touch_id && item.kind !== "in_doubt" && item.reason !== "in_progress"),
    enabled: campaign.touch_id !== null && (campaign.state === "sending" || campaign.state === "paused"),
    refetchInterval: 5_000,
  });

/** Failures after which one more attempt makes sense: the address is not to blame, and nobody has it. */
const mayGoAgain = ["GAVE_UP", "REFUSED_BY_SERVER", "NOT_RECEIVED"];

/** How many would be written to once more: counted by the server, reason by reason. */
export const notReachedQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: [...keys.one(campaign.id), "not-reached", campaign.progress?.failed],
    queryFn: async ({ signal }) => {
      const counts = await Promise.all(
        mayGoAgain.map((reason) =>
          answer(
            api.GET("/v1/campaigns/{campaign_id}/recipients", {
              params: { path: { campaign_id: campaign.id }, query: { status: "failed", reason, limit: 1 } },
              signal,
            }),
          ).then((page) => page.total ?? 0),
        ),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    // While it is being sent, the server still tries by itself.
    enabled: (campaign.progress?.failed ?? 0) > 0 && campaign.state === "done",
  });

export const segmentChoicesQuery = queryOptions({
  queryKey: ["segments", "choices"],
  queryFn: ({ signal }) => answer(api.GET("/v1/segments", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export const templateChoicesQuery = queryOptions({
  queryKey: ["templates", "choices"],
  queryFn: ({ signal }) => answer(api.GET("/v1/templates", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

/** What the chosen template looks like with example values. */
export const templatePreviewQuery = (template: TemplateChoice, language: string) =>
  queryOptions({
    queryKey: ["templates", "sample", template.id, language],
    queryFn: ({ signal }) => {
      const { channel, template_class, purpose, texts } = template;
      const spoken = texts.some((text) => text.language === language) ? language : (texts[0]?.language ?? language);
      const body = { channel: channel as Schemas["TemplateCreate"]["channel"], template_class, purpose, texts, language: spoken };
      return answer(api.POST("/v1/templates/previews", { body, signal }));
    },
  });

export function useCreateCampaign() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; segment_id?: string }) => answer(api.POST("/v1/campaigns", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.all, "list"] }),
  });
}

export function useSaveCampaign(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CampaignChange) => {
      const tag = client.getQueryData<Tagged>(keys.one(id))?.tag ?? "";
      return answerWithTag(
        api.PATCH("/v1/campaigns/{campaign_id}", { params: { path: { campaign_id: id }, header: { "If-Match": tag } }, body }),
      );
    },
    onSuccess: (saved) => client.setQueryData(keys.one(id), saved),
    onError: () => client.invalidateQueries({ queryKey: keys.one(id), exact: true }),
  });
}

export function useDeleteCampaign(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const tag = client.getQueryData<Tagged>(keys.one(id))?.tag ?? "";
      return answer(api.DELETE("/v1/campaigns/{campaign_id}", { params: { path: { campaign_id: id }, header: { "If-Match": tag } } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.all, "list"] }),
  });
}

export function useRehearse(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.POST("/v1/campaigns/{campaign_id}/rehearsals", path(id))),
    onSuccess: (rehearsal) => client.setQueryData([...keys.one(id), "rehearsal"], rehearsal),
  });
}

/** The acts that change a campaign's state; each answers with the campaign as it is afterwards, or nothing. */
export type Act =
  | { act: "schedule"; at: string }
  | { act: "unschedule" | "pause" | "resume" | "cancel" }
  | { act: "send_again"; key: string }
  | { act: "launch"; rehearsalId: string; key: string };

function perform(id: string, act: Act) {
  switch (act.act) {
    case "schedule":
      return api.PUT("/v1/campaigns/{campaign_id}/schedule", { ...path(id), body: { at: act.at } });
    case "unschedule":
      return api.DELETE("/v1/campaigns/{campaign_id}/schedule", path(id));
    case "launch":
      return api.POST("/v1/campaigns/{campaign_id}/launches", {
        params: { path: { campaign_id: id }, header: { "Idempotency-Key": act.key } },
        body: { rehearsal_id: act.rehearsalId },
      });
    case "send_again":
      return api.POST("/v1/campaigns/{campaign_id}/further-attempts", {
        params: { path: { campaign_id: id }, header: { "Idempotency-Key": act.key } },
      });
    case "pause":
      return api.PUT("/v1/campaigns/{campaign_id}/pause", path(id));
    case "resume":
      return api.DELETE("/v1/campaigns/{campaign_id}/pause", path(id));
    case "cancel":
      return api.DELETE("/v1/campaigns/{campaign_id}/delivery", path(id));
  }
}

/** A person says of a doubtful message whether it arrived. */
export function useResolve() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, outcome }: { id: string; outcome: "received" | "not_received" }) =>
      answer(api.PUT("/v1/messages/{message_id}/resolution", { params: { path: { message_id: id } }, body: { outcome } })),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}

export function useCampaignAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => answer(perform(id, act)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
