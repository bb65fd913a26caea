/** Templates, their checks and their previews. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api, type Schemas } from "@/api/client";
import type { RemoteOption } from "@/ui/remote-select";

export type Template = Schemas["TemplateRead"];
export type TemplateText = Schemas["TemplateTextRead"];
export type TemplateProblem = Schemas["TemplateProblemRead"];
export type Draft = Pick<Template, "name" | "template_class" | "purpose" | "similarity_group" | "is_measured" | "texts"> & {
  channel: Schemas["TemplateCreate"]["channel"];
};

const keys = { all: ["templates"] as const, one: (id: string) => ["templates", "one", id] as const };

export const templatesQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/templates", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag(api.GET("/v1/templates/{template_id}", { params: { path: { template_id: id } }, signal })),
  });

export const variablesQuery = queryOptions({
  queryKey: [...keys.all, "variables"],
  queryFn: ({ signal }) => answer(api.GET("/v1/template-variables", { signal })),
  staleTime: 600_000,
});

export type Preview = Awaited<ReturnType<typeof render>>;
type Asked = Draft & { language: string; customer_id?: string };

function render({ channel, template_class, purpose, texts, language, customer_id }: Asked, signal: AbortSignal) {
  return answer(api.POST("/v1/templates/previews", { body: { channel, template_class, purpose, texts, language, customer_id }, signal }));
}

/** The checks and the rendering are the server's: asked again as the text changes, for one language and perhaps one person. */
export const previewQuery = (draft: Draft, language: string, customerId?: string) =>
  queryOptions({
    queryKey: [...keys.all, "preview", JSON.stringify(draft), language, customerId],
    queryFn: ({ signal }) => render({ ...draft, language, customer_id: customerId }, signal),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
  });

export async function searchPeople(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const body = await answer(
    api.POST("/v1/customers/lookups", { body: { q, limit: 7 }, signal }),
  );
  return body.items.map(({ id, full_name, city }) => ({ value: id, label: city ? `${full_name} · ${city}` : full_name }));
}

/** The groups that categories declare: what a text may be «similar» to (C-07). */
export const similarityGroupsQuery = queryOptions({
  queryKey: ["categories", "similarity-groups"],
  queryFn: async ({ signal }) => {
    const query = { limit: 200 };
    const page = await answer(api.GET("/v1/categories", { params: { query }, signal }));
    return [...new Set(page.items.flatMap((category) => category.similarity_group ?? []))].sort();
  },
  staleTime: 600_000,
});

export function useSaveTemplate(saved: { id: string; tag: string } | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, tag }: { draft: Draft; tag?: string }) => {
      const { channel, ...change } = draft;
      return saved
        ? answer(
            api.PATCH("/v1/templates/{template_id}", {
              params: { path: { template_id: saved.id }, header: { "If-Match": tag ?? saved.tag } },
              body: change,
            }),
          )
        : answer(api.POST("/v1/templates", { body: { channel, ...change } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
