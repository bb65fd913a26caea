/** Templates, their checks and their previews. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, answerWithTag, api } from "@/api/client";
import type { RemoteOption } from "@/ui/remote-select";

export type TemplateText = { language: string; subject: string; body: string };
export type TemplateProblem = { code: string; severity: "error" | "warning"; language: string; message: string; line: number | null };
export type Template = {
  id: string;
  code: string | null;
  name: string;
  channel: string;
  template_class: "MARKETING" | "SERVICE";
  purpose: string;
  similarity_group: string | null;
  status: "draft" | "ready";
  uses_purchases: boolean;
  version: number;
  texts: TemplateText[];
  problems: TemplateProblem[];
  variables: string[];
  created_at: string;
  updated_at: string;
};
export type Draft = Pick<Template, "name" | "channel" | "template_class" | "purpose" | "similarity_group" | "texts">;
export type Preview = { subject: string | null; html: string | null; text: string | null; problems: TemplateProblem[]; missing: string[] };
export type Variable = { name: string; label: string; example: string; source: string; uses_purchases: boolean };
type Page<T> = { items: T[]; next_cursor: string | null; prev_cursor: string | null; total: number | null; total_is_capped: boolean };

const keys = { all: ["templates"] as const, one: (id: string) => ["templates", "one", id] as const };

export const templatesQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...keys.all, "list", cursor],
    queryFn: ({ signal }) => answer<Page<Template>>(api.GET("/v1/templates", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export const templateQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => answerWithTag<Template>(api.GET("/v1/templates/{template_id}", { params: { path: { template_id: id } }, signal })),
  });

export const variablesQuery = queryOptions({
  queryKey: [...keys.all, "variables"],
  queryFn: ({ signal }) => answer<Variable[]>(api.GET("/v1/template-variables", { signal })),
  staleTime: 600_000,
});

/** The checks and the rendering are the server's: asked again as the text changes, for one language and perhaps one person. */
export const previewQuery = (draft: Draft, language: string, customerId?: string) => {
  const { channel, template_class, purpose, texts } = draft;
  const body = { channel, template_class, purpose, texts, language, customer_id: customerId };
  return queryOptions({
    queryKey: [...keys.all, "preview", JSON.stringify(body)],
    queryFn: ({ signal }) => answer<Preview>(api.POST("/v1/templates/previews", { body, signal })),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
  });
};

export async function searchPeople(q: string, signal: AbortSignal): Promise<RemoteOption[]> {
  const body = await answer<Page<{ id: string; full_name: string; city: string | null }>>(
    api.POST("/v1/customers/lookups", { body: { q, limit: 7 }, signal }),
  );
  return body.items.map(({ id, full_name, city }) => ({ value: id, label: city ? `${full_name} · ${city}` : full_name }));
}

/** The groups that categories declare: what a text may be «similar» to (C-07). */
export const similarityGroupsQuery = queryOptions({
  queryKey: ["categories", "similarity-groups"],
  queryFn: async ({ signal }) => {
    const query = { limit: 200 };
    const page = await answer<Page<{ similarity_group: string | null }>>(api.GET("/v1/categories", { params: { query }, signal }));
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
        ? answer<Template>(
            api.PATCH("/v1/templates/{template_id}", {
              params: { path: { template_id: saved.id }, header: { "If-Match": tag ?? saved.tag } },
              body: change,
            }),
          )
        : answer<Template>(api.POST("/v1/templates", { body: { channel, ...change } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
