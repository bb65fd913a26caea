/** What the opposition register answered about our numbers. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";
import { saveFile } from "@/lib/save-file";

export type Coverage = Schemas["OppositionCoverage"];
export type Upload = Schemas["OppositionUploadRead"];
export type RegisterKind = Schemas["RegisterKind"];
export type Extract = Schemas["OppositionExtractCreate"];

const all = ["oppositions"] as const;

export const coverageQuery = queryOptions({
  queryKey: [...all, "coverage"],
  queryFn: ({ signal }) => answer(api.GET("/v1/opposition-uploads/summary", { signal })).then((summary) => summary.registers),
});

export const uploadsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...all, "uploads", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/opposition-uploads", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export type Answered = { file: File; kind: RegisterKind; answered_on: string };

export function useUploadAnswer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ file, kind, answered_on }: Answered) =>
      answer(
        api.POST("/v1/opposition-uploads", {
          body: { file: "", kind, answered_on },
          bodySerializer: () => {
            const form = new FormData();
            form.set("file", file);
            form.set("kind", kind);
            form.set("answered_on", answered_on);
            return form;
          },
        }),
      ),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: all }), client.invalidateQueries({ queryKey: ["customers"] })]),
  });
}

/** Fetched rather than linked: taking numbers out asks for fresh proof of who takes them. */
export function useExtract() {
  return useMutation({
    mutationFn: async (body: Extract) => {
      const { data } = await api.POST("/v1/opposition-extracts", { body, parseAs: "blob" });
      saveFile(data as unknown as Blob, "rpo.csv");
    },
  });
}
