/** Writing to one person, or to the few of a list: what could be said, how it reads, what the gate answers, and the act itself. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type TemplateChoice = Schemas["TemplateRead"];
export type Decision = Schemas["ContactDecision"];

export const templateChoicesOptions = queryOptions({
  queryKey: ["templates", "choices"],
  queryFn: ({ signal }) =>
    answer(api.GET("/v1/templates", { params: { query: { limit: 100 } }, signal })).then((page) =>
      page.items.filter((template) => template.status === "ready"),
    ),
});

export const decisionsOptions = (customerIds: string[], template: TemplateChoice) =>
  queryOptions({
    queryKey: ["contact-decisions", customerIds, template.id, template.version],
    queryFn: ({ signal }) =>
      answer(
        api.POST("/v1/contact-decisions", {
          body: { customer_ids: customerIds, purpose: template.purpose, channel: template.channel, template_id: template.id },
          signal,
        }),
      ).then((body) => body.items),
    staleTime: 0,
  });

export const previewOptions = (customerId: string, template: TemplateChoice) =>
  queryOptions({
    queryKey: ["templates", "preview", customerId, template.id, template.version],
    queryFn: ({ signal }) =>
      answer(
        api.POST("/v1/templates/previews", {
          body: {
            channel: template.channel as Schemas["CustomerMessageCreate"]["channel"],
            template_class: template.template_class,
            purpose: template.purpose,
            texts: template.texts,
            language: template.texts[0]?.language ?? "it",
            customer_id: customerId,
          },
          signal,
        }),
      ),
  });

export type Writing = { customerId: string; templateId: string; channel: string; intent: string };

export function writeTo({ customerId, templateId, channel, intent }: Writing) {
  return answer(
    api.POST("/v1/customers/{customer_id}/messages", {
      params: { path: { customer_id: customerId } },
      body: { template_id: templateId, channel: channel as Schemas["CustomerMessageCreate"]["channel"] },
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
