/** Who did and who read what, and whether the log still agrees with its seals. The only caller of the API in this feature. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Schemas } from "@/api/client";

export type Entry = Schemas["AuditEntryRead"];
export type ProofRun = Schemas["ProofRunRead"];

export const entryKinds = ["read", "change"] as const;
export const areas = ["customer", "customers", "consent", "evidence", "privacy_request", "privacy_pack", "export", "import", "notice", "segment", "campaign", "message", "user", "session", "token"] as const;

export type AuditFilter = {
  kind?: (typeof entryKinds)[number];
  area?: (typeof areas)[number];
  actor?: string;
  /** Whole days of the shop's calendar, both included. */
  from?: string;
  to?: string;
  cursor?: string;
};

export const auditQuery = ({ kind, area, actor, cursor }: AuditFilter, since: string | undefined, until: string | undefined) =>
  queryOptions({
    queryKey: ["audit", "list", kind, area, actor, since, until, cursor],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/audit", {
          params: { query: { kind, action: area && `${area}.`, actor_id: actor, since, until, cursor, limit: 50 } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const proofsQuery = queryOptions({
  queryKey: ["audit", "proofs"],
  queryFn: ({ signal }) => answer(api.GET("/v1/proof-runs", { params: { query: { limit: 20 } }, signal })).then((page) => page.items),
});

/** The staff, for those who may see who they are. */
export const staffQuery = queryOptions({
  queryKey: ["audit", "staff"],
  queryFn: ({ signal }) => answer(api.GET("/v1/users", { params: { query: { limit: 200 } }, signal })).then((page) => page.items),
  staleTime: 10 * 60_000,
});
