/** Writing to one person, or to the few of a list: what could be said, how it reads, what the gate answers, and the act itself. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Family } from "@/ui/permission-badge";

export type TemplateChoice = {
  id: string;
  name: string;
  channel: string;
  template_class: string;
  purpose: string;
  version: number;
  texts: { language: string; subject: string | null; body: string }[];
};
export type Decision = {
  customer_id: string;
  verdict: string;
  family: Family;
  reason: string | null;
  rule_id: string | null;
  sentence?: string | null;
  remedy: string | null;
  until: string | null;
};
type Preview = { subject: string | null; html: string | null; text: string; problems: { code: string; severity: string; message: string }[] };
type Written = { id: string; status: string; reason: string | null; reason_sentence?: string | null };

export const templateChoicesOptions = queryOptions({
  queryKey: ["templates", "choices"],
  queryFn: ({ signal }) =>
    answer<{ items: TemplateChoice[] }>(api.GET("/v1/templates", { params: { query: { limit: 100 } }, signal })).then((page) => page.items),
});

export const decisionsOptions = (customerIds: string[], template: TemplateChoice | undefined) =>
  queryOptions({
    queryKey: ["contact-decisions", customerIds, template?.id, template?.version],
    queryFn: ({ signal }) =>
      answer<{ items: Decision[] }>(
        api.POST("/v1/contact-decisions", {
          body: { customer_ids: customerIds, purpose: template?.purpose, channel: template?.channel, template_id: template?.id },
          signal,
        }),
      ).then((body) => body.items),
    enabled: template !== undefined && customerIds.length > 0,
    staleTime: 0,
  });

export const previewOptions = (customerId: string, template: TemplateChoice | undefined) =>
  queryOptions({
    queryKey: ["templates", "preview", customerId, template?.id, template?.version],
    queryFn: ({ signal }) =>
      answer<Preview>(
        api.POST("/v1/templates/previews", {
          body: {
            channel: template?.channel,
            template_class: template?.template_class,
            purpose: template?.purpose,
            texts: template?.texts,
            language: template?.texts[0]?.language ?? "it",
            customer_id: customerId,
          },
          signal,
        }),
      ),
    enabled: template !== undefined,
  });

export type Writing = { customerId: string; templateId: string; channel: string; intent: string };

export function writeTo({ customerId, templateId, channel, intent }: Writing) {
  return answer<Written>(
    api.POST("/v1/customers/{customer_id}/messages", {
      params: { path: { customer_id: customerId } },
      body: { template_id: templateId, channel },
      headers: { "Idempotency-Key": intent },
    }),
  );
}

export function useWriteTo() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: writeTo,
    onSettled: (_data, _error, { customerId }) => {
      void queryClient.invalidateQueries({ queryKey: ["customers", customerId] });
      void queryClient.invalidateQueries({ queryKey: ["recalls", "due"] });
      void queryClient.invalidateQueries({ queryKey: ["messages"] });
      void queryClient.invalidateQueries({ queryKey: ["desk"] });
    },
  });
}
