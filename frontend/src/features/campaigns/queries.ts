/** Campaigns from draft to results. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Money } from "@/lib/formats";

export type CampaignState = "draft" | "scheduled" | "sending" | "paused" | "done" | "cancelled";
export type Progress = {
  planned: number;
  queued: number;
  sent: number;
  delivered: number;
  bounced: number;
  skipped: number;
  control: number;
  deferred: number;
  failed: number;
  cancelled: number;
  unknown: number;
  total: number;
  rate_per_second: number;
  is_planning: boolean;
};
export type Campaign = {
  id: string;
  name: string;
  state: CampaignState;
  version: number;
  segment_id: string | null;
  segment_name: string | null;
  template_id: string | null;
  template_name: string | null;
  channel: string | null;
  purpose: string | null;
  control_share: string;
  window_days: number;
  created_at: string;
  updated_at: string;
  scheduled_at: string | null;
  touch_id: string | null;
  progress: Progress | null;
};
export type Rehearsal = {
  id: string;
  version: number;
  audience: number;
  will_receive: number;
  control: number;
  deferred: number;
  denied: number;
  cost: Money;
  by_reason: { reason: string; family: string; count: number; sentence: string }[];
  sample: { customer_id: string; full_name: string; subject: string; html: string | null; text: string }[];
  missing_values: { name: string; count: number }[];
  detectable_points: number | null;
  people_needed_for_3_points: number | null;
  created_at: string;
};
export type Recipient = {
  id: string;
  customer_id: string;
  customer_name: string;
  status: string;
  reason: string | null;
  reason_sentence: string | null;
  planned_at: string;
  sent_at: string | null;
};
export type SegmentChoice = { id: string; name: string; sentence: string; last_count: number | null };
export type TemplateChoice = {
  id: string;
  name: string;
  channel: string;
  template_class: string;
  purpose: string;
  texts: { language: string; subject: string | null; body: string }[];
  problems: { severity: string }[];
};
export type CampaignChange = Partial<Pick<Campaign, "name" | "segment_id" | "template_id" | "window_days">> & { control_share?: string };
type Page<T> = { items: T[]; next_cursor: string | null; prev_cursor: string | null; total: number | null; total_is_capped: boolean };
type Tagged = { body: Campaign; tag: string };

const keys = { all: ["campaigns"] as const, one: (id: string) => ["campaigns", id] as const };
const path = (id: string) => ({ params: { path: { campaign_id: id } } });

export const isRunning = (campaign: Campaign) => campaign.state === "sending" || campaign.state === "scheduled";

export const campaignsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer<Page<Campaign>>(api.GET("/v1/campaigns", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.items.some(isRunning) ? 2_000 : false),
  });

/** Polled every two seconds while something runs, so that progress is live and a stop shows at once. */
export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag<Campaign>(api.GET("/v1/campaigns/{campaign_id}", { ...path(id), signal })),
    refetchInterval: (query) => (query.state.data && isRunning(query.state.data.body) ? 2_000 : false),
  });

export const rehearsalQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.one(id), "rehearsal"],
    queryFn: async ({ signal }): Promise<Rehearsal | null> => {
      try {
        return await answer<Rehearsal>(api.GET("/v1/campaigns/{campaign_id}/rehearsals/latest", { ...path(id), signal }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  });

export type RecipientFilter = { status?: string; reason?: string; cursor?: string };

export const recipientsQuery = (id: string, { status, reason, cursor }: RecipientFilter) =>
  queryOptions({
    queryKey: [...keys.one(id), "recipients", { status, reason, cursor }],
    queryFn: ({ signal }) =>
      answer<Page<Recipient>>(
        api.GET("/v1/campaigns/{campaign_id}/recipients", {
          params: { path: { campaign_id: id }, query: { status, reason, cursor } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const segmentChoicesQuery = queryOptions({
  queryKey: ["segments", "choices"],
  queryFn: ({ signal }) => answer<Page<SegmentChoice>>(api.GET("/v1/segments", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export const templateChoicesQuery = queryOptions({
  queryKey: ["templates", "choices"],
  queryFn: ({ signal }) => answer<Page<TemplateChoice>>(api.GET("/v1/templates", { params: { query: { limit: 200 } }, signal })),
  select: (page) => page.items,
});

export type Preview = { subject: string | null; html: string | null; text: string };

/** What the chosen template looks like with example values. */
export const templatePreviewQuery = (template: TemplateChoice, language: string) =>
  queryOptions({
    queryKey: ["templates", "sample", template.id, language],
    queryFn: ({ signal }) => {
      const { channel, template_class, purpose, texts } = template;
      const spoken = texts.some((text) => text.language === language) ? language : (texts[0]?.language ?? language);
      const body = { channel, template_class, purpose, texts, language: spoken };
      return answer<Preview>(api.POST("/v1/templates/previews", { body, signal }));
    },
  });

export function useCreateCampaign() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; segment_id?: string }) => answer<Campaign>(api.POST("/v1/campaigns", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.all, "list"] }),
  });
}

export function useSaveCampaign(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CampaignChange) => {
      const tag = client.getQueryData<Tagged>(keys.one(id))?.tag ?? "";
      return answerWithTag<Campaign>(
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
      return answer<void>(api.DELETE("/v1/campaigns/{campaign_id}", { params: { path: { campaign_id: id }, header: { "If-Match": tag } } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [...keys.all, "list"] }),
  });
}

export function useRehearse(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer<Rehearsal>(api.POST("/v1/campaigns/{campaign_id}/rehearsals", path(id))),
    onSuccess: (rehearsal) => client.setQueryData([...keys.one(id), "rehearsal"], rehearsal),
  });
}

/** The acts that change a campaign's state; each answers with the campaign as it is afterwards, or nothing. */
export type Act =
  | { act: "schedule"; at: string }
  | { act: "unschedule" | "pause" | "resume" | "cancel" }
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
    case "pause":
      return api.PUT("/v1/campaigns/{campaign_id}/pause", path(id));
    case "resume":
      return api.DELETE("/v1/campaigns/{campaign_id}/pause", path(id));
    case "cancel":
      return api.DELETE("/v1/campaigns/{campaign_id}/delivery", path(id));
  }
}

export function useCampaignAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: Act) => answer<unknown>(perform(id, act)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
