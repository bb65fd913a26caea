/** The register of processing, processors, the operator's terms, incidents and printed documents. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Activity = Schemas["ProcessingActivityRead"];
export type ActivityVersion = Schemas["ProcessingActivityVersionRead"];
export type NewActivity = Schemas["ProcessingActivityCreate"];
export type ActivityChange = Schemas["ProcessingActivityPatch"];
export type Bilingual = Schemas["Bilingual"];
export type Gap = Schemas["GapsRead"]["unregistered"][number];
export type Processor = Schemas["ProcessorRead"];
export type NewProcessor = Schemas["ProcessorCreate"];
export type ProcessorChange = Schemas["ProcessorPatch"];
export type TransferTool = Schemas["TransferTool"];
export type Terms = Schemas["TermsRead"];
export type Incident = Schemas["IncidentRead"];
export type NewIncident = Schemas["IncidentCreate"];
export type IncidentChange = Schemas["IncidentPatch"];
export type IncidentEvent = Schemas["IncidentEventRead"];
export type Risk = Schemas["Risk"];
export type Document = Schemas["DocumentRead"];
export type DocumentKind = Schemas["DocumentKind"];
export type NewDocument = Schemas["DocumentCreate"];

const all = ["accountability"] as const;
/** A row is changed only as it was read. */
const asRead = (version: number) => ({ header: { "If-Match": `"v${version}"` } });

function useChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: all });
      void client.invalidateQueries({ queryKey: ["tasks"] });
    },
    // What somebody else wrote in the meantime is what the next attempt starts from.
    onError: () => client.invalidateQueries({ queryKey: all }),
  });
}

// ── the register ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const activitiesQuery = queryOptions({
  queryKey: [...all, "activities"],
  queryFn: ({ signal }) => answer(api.GET("/v1/processing-activities", { signal })).then((page) => page.items),
});

export const gapsQuery = queryOptions({
  queryKey: [...all, "gaps"],
  queryFn: ({ signal }) => answer(api.GET("/v1/processing-activities/gaps", { signal })),
});

export const versionsQuery = (activity_id: string) =>
  queryOptions({
    queryKey: [...all, "versions", activity_id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/processing-activities/{activity_id}/versions", { params: { path: { activity_id } }, signal })).then((page) => page.items),
  });

export const useAddActivity = () => useChange((body: NewActivity) => answer(api.POST("/v1/processing-activities", { body })));

export const useChangeActivity = ({ id, version }: Activity) =>
  useChange((body: ActivityChange) =>
    answer(api.PATCH("/v1/processing-activities/{activity_id}", { params: { path: { activity_id: id }, ...asRead(version) }, body })),
  );

export const useEndActivity = ({ id, version }: Activity) =>
  useChange((ended_on: string) =>
    answer(
      api.POST("/v1/processing-activities/{activity_id}/endings", { params: { path: { activity_id: id }, ...asRead(version) }, body: { ended_on } }),
    ),
  );

// ── processors and terms ──────────────────────────────────────────────────────────────────────────────────────────────

export const processorsQuery = queryOptions({
  queryKey: [...all, "processors"],
  queryFn: ({ signal }) => answer(api.GET("/v1/processors", { signal })).then((page) => page.items),
});

export const useAddProcessor = () => useChange((body: NewProcessor) => answer(api.POST("/v1/processors", { body })));

export const useChangeProcessor = () =>
  useChange(({ id, version, ...body }: ProcessorChange & Pick<Processor, "id" | "version">) =>
    answer(api.PATCH("/v1/processors/{processor_id}", { params: { path: { processor_id: id }, ...asRead(version) }, body })),
  );

export const termsQuery = queryOptions({
  queryKey: [...all, "terms"],
  queryFn: ({ signal }) => answer(api.GET("/v1/processing-terms", { signal })),
});

export const useAcceptTerms = () =>
  useChange((body: Schemas["TermsAccept"]) => answer(api.POST("/v1/processing-terms/acceptances", { body })));

// ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const incidentsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: [...all, "incidents", cursor],
    queryFn: ({ signal }) => answer(api.GET("/v1/incidents", { params: { query: { cursor } }, signal })),
    placeholderData: keepPreviousData,
  });

export const incidentQuery = (incident_id: string) =>
  queryOptions({
    queryKey: [...all, "incident", incident_id],
    queryFn: ({ signal }) => answer(api.GET("/v1/incidents/{incident_id}", { params: { path: { incident_id } }, signal })),
  });

export const incidentEventsQuery = (incident_id: string) =>
  queryOptions({
    queryKey: [...all, "incident", incident_id, "events"],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/incidents/{incident_id}/events", { params: { path: { incident_id } }, signal })).then((page) => page.items),
  });

export const useOpenIncident = () => useChange((body: NewIncident) => answer(api.POST("/v1/incidents", { body })));

export const useChangeIncident = ({ id, version }: Incident) =>
  useChange((body: IncidentChange) =>
    answer(api.PATCH("/v1/incidents/{incident_id}", { params: { path: { incident_id: id }, ...asRead(version) }, body })),
  );

export const useCloseIncident = () =>
  useChange((incident_id: string) => answer(api.PUT("/v1/incidents/{incident_id}/closure", { params: { path: { incident_id } } })));

// ── documents ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The newest of each kind and format. */
export const documentsQuery = (language: string) =>
  queryOptions({
    queryKey: [...all, "documents", language],
    queryFn: ({ signal }) => answer(api.GET("/v1/documents", { params: { query: { language, newest: true } }, signal })).then((page) => page.items),
  });

export const documentVersionsQuery = (kind: DocumentKind, language: string) =>
  queryOptions({
    queryKey: [...all, "documents", language, kind],
    queryFn: ({ signal }) => answer(api.GET("/v1/documents", { params: { query: { kind, language } }, signal })).then((page) => page.items),
  });

export const useMakeDocument = () => useChange((body: NewDocument) => answer(api.POST("/v1/documents", { body })));

export const documentHref = (document_id: string) => `/v1/documents/${document_id}/file`;
