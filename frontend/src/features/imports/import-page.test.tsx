import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { me } from "@/testing/people";
import { fakeApi, page, renderScreen } from "@/testing/render";
import { ImportPage } from "./import-page";
import type { RowFilter } from "./queries";
import type { Step } from "./steps";

const column = (index: number, name: string, field: string | null, extra = {}) => ({ index, name, field, policy: field ? "fill" : null, date_format: null, ...extra });
const draft = {
  id: "i1",
  kind: "customers",
  state: "draft",
  file_name: "clienti-2019.csv",
  file_bytes: 23_000,
  is_file_kept: true,
  source: "clienti",
  format: { kind: "csv", encoding: "cp1252", delimiter: ";", quote: '"', decimal: ",", sheet: null, sheets: [], header_row: 1, has_bom: false },
  columns: [column(0, "NOME", "given_name"), column(1, "NATO", "birth_on"), column(2, "OFFERTE", "consent_email", { policy: null }), column(3, "VECCHIO", null)],
  options: { match: ["external_id", "card", "fiscal_code", "email", "phone", "name_birth", "name_address"], consent_on: null, consent_text: null, consent_evidence: null },
  faults: [{ code: "date-format-missing", column: 1, field: "birth_on" }],
  row_total: null,
  row_done: 0,
  counts: {},
  rehearsal_counts: {},
  undo_counts: {},
  same_file_as: null,
  job_id: null,
  failure: null,
  created_by: "Giulia Riva",
  created_at: "2026-11-24T09:00:00Z",
  rehearsed_at: null,
  applied_at: null,
  undone_at: null,
  version: 3,
};
const counts = { created: 150, updated: 40, unchanged: 5, rejected: 5, UNPROVEN: 12, SUPPRESSED: 1 };
const rehearsed = { ...draft, state: "rehearsed", faults: [], row_total: 200, row_done: 200, counts, rehearsal_counts: counts, rehearsed_at: "2026-11-24T09:05:00Z" };
const preview = {
  format: draft.format,
  proposed_kind: "customers",
  columns: draft.columns.map(({ index, name, field }) => ({
    index,
    name,
    samples: name === "NATO" ? ["03/04/1980"] : ["Anna"],
    filled: 200,
    date_formats: name === "NATO" ? ["DD/MM/YYYY", "MM/DD/YYYY"] : [],
    proposed_field: field,
    proposed_because: field && "header",
    proposed_policy: field && "fill",
  })),
  rows: [["Anna", "03/04/1980", "SI", ""]],
  warnings: [],
  saved_mapping: null,
};
const field = (name: string, type: string, group: string, policies = ["fill", "overwrite"]) => ({ name, type, group, policies, is_required: false });
const fields = { items: [field("given_name", "text", "person"), field("birth_on", "date", "person"), field("consent_email", "yes_no", "consents", [])] };
const rejected = {
  row_no: 14,
  outcome: "rejected",
  subject_id: null,
  label: null,
  matched_by: null,
  changes: [],
  findings: [{ code: "no-such-day", row: 14, column: "NATO", message: "is no day that exists" }],
  kept: [],
};
const tagged = (body: object) => Response.json(body, { headers: { etag: '"3"' } });

function Page({ step }: { step: Step }) {
  const [filter, setFilter] = useState<RowFilter>({});
  const ignore = () => undefined;
  return <ImportPage id="i1" step={step} filter={filter} onFilter={setFilter} onStep={ignore} onDiscarded={ignore} />;
}

function open(step: Step, subject: object, answers: Record<string, unknown> = {}) {
  const sent = fakeApi({
    "GET /v1/me": me,
    "GET /v1/imports/i1": () => tagged(subject),
    "GET /v1/imports/i1/preview": preview,
    "GET /v1/imports/i1/rows": page([rejected]),
    "GET /v1/import-fields": fields,
    "GET /v1/notices": page([]),
    ...answers,
  });
  renderScreen(<Page step={step} />);
  return sent;
}

describe("the columns of a file", () => {
  it("chooses no format for an ambiguous date, and shows it both ways", async () => {
    open("columns", draft);

    expect(await screen.findByLabelText("Formato della data di «NATO»")).toHaveValue("");
    expect(screen.getByText("03/04/1980 → 3 aprile 1980 o 4 marzo 1980?")).toBeInTheDocument();
    expect(screen.getByText("Scelga il formato: non si indovina")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Prova senza cambiare niente" })).toBeDisabled();
  });

  it("saves a choice with the version it was made on, and opens the rehearsal", async () => {
    const sent = open("columns", draft, { "PATCH /v1/imports/i1": ({ body }: { body: unknown }) => tagged({ ...draft, ...(body as object), faults: [], version: 4 }) });

    await userEvent.selectOptions(await screen.findByLabelText("Formato della data di «NATO»"), "DD/MM/YYYY");

    await waitFor(() => expect(screen.getByRole("button", { name: "Prova senza cambiare niente" })).toBeEnabled());
    const patch = sent.find(({ method }) => method === "PATCH")!;
    expect(patch.headers.get("If-Match")).toBe('"3"');
    expect(patch.body).toEqual({ columns: [draft.columns[0], { ...draft.columns[1], date_format: "DD/MM/YYYY" }, draft.columns[2], draft.columns[3]] });
  });

  it("keeps two quick choices, each on the version the one before left", async () => {
    let version = 3;
    const sent = open("columns", draft, {
      "PATCH /v1/imports/i1": ({ body }: { body: unknown }) => Response.json({ ...draft, ...(body as object), version: ++version }, { headers: { etag: `"${version}"` } }),
    });

    await userEvent.selectOptions(await screen.findByLabelText("Formato della data di «NATO»"), "DD/MM/YYYY");
    await userEvent.selectOptions(screen.getByLabelText("Regola per «NOME»"), "overwrite");

    await waitFor(() => expect(sent.filter(({ method }) => method === "PATCH").map(({ headers }) => headers.get("If-Match"))).toEqual(['"3"', '"4"']));
    expect(screen.getByLabelText("Formato della data di «NATO»")).toHaveValue("DD/MM/YYYY");
    expect(screen.getByLabelText("Regola per «NOME»")).toHaveValue("overwrite");
  });

  it("says what a yes becomes without date, text and proof", async () => {
    open("columns", draft);

    expect(await screen.findByText(/Un sì senza la data, il testo letto e la prova resta «Manca la prova»/)).toBeInTheDocument();
  });
});

describe("the rehearsal", () => {
  it("counts every outcome and says why rows are rejected", async () => {
    open("rehearsal", rehearsed);

    expect(await screen.findByText("Di 200 righe, 190 cambierebbero qualcosa.")).toBeInTheDocument();
    expect(screen.getByText("12 sì restano «Manca la prova»")).toBeInTheDocument();
    expect(screen.getByText("1 indirizzo è nella lista «non contattare» e ci resta")).toBeInTheDocument();
    expect(await screen.findByText(/Questo giorno non esiste/)).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Scarica le rifiutate" })).toHaveAttribute("href", "/v1/imports/i1/rejected-rows");
    expect(document.querySelectorAll('[data-variant="filled"]')).toHaveLength(1);
  });

  it("keeps the application locked until there was one", async () => {
    open("file", { ...draft, faults: [] });

    expect((await screen.findByText("Applica")).closest("[aria-disabled]")).toHaveAccessibleDescription("Prima si prova: non cambia niente");
  });
});

describe("the application", () => {
  it("asks once, with the counts, and sends one key however often it is pressed", async () => {
    const sent = open("apply", rehearsed, { "POST /v1/imports/i1/applications": { ...rehearsed, state: "applying", counts: {}, row_done: 0 } });

    await userEvent.click(await screen.findByRole("button", { name: "Importa 190 righe" }));
    const dialog = screen.getByRole("dialog");
    expect(within(dialog).getByText("Senza automatismi: la storia non fa partire messaggi.")).toBeInTheDocument();
    await userEvent.dblClick(within(dialog).getByRole("button", { name: "Importa 190 righe" }));

    const keys = sent.filter(({ method }) => method === "POST").map(({ headers }) => headers.get("Idempotency-Key"));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBeTruthy();
  });

  it("offers to go on or to undo when it stopped", async () => {
    open("apply", { ...rehearsed, state: "applying", failure: "The worker was stopped.", row_done: 80 });

    expect(await screen.findByRole("button", { name: "Riprendi" })).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Annulla tutto" })).toBeInTheDocument();
  });

  it("names what an undo left, with the way to each card", async () => {
    const kept = { ...rejected, outcome: "created", subject_id: "c1", label: "Marta Bellini", findings: [], kept: ["messages", "given_name"] };
    open("apply", { ...rehearsed, state: "undone", undo_counts: { removed: 149, restored: 40, kept: 1 } }, { "GET /v1/imports/i1/rows": page([kept]) });

    expect(await screen.findByRole("link", { name: "Marta Bellini" })).toHaveAttribute("href", "/customers/c1");
    expect(screen.getByText("messaggi e Nome")).toBeInTheDocument();
  });
});
