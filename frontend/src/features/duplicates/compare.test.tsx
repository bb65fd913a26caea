import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { allowed, cell, me, saidNo } from "@/testing/people";
import { fakeApi, page, refusal, renderScreen } from "@/testing/render";
import { permissionLines, telling } from "./choices";
import { MergePage } from "./merge-page";
import { PairPage } from "./pair-page";
import { QueuePage } from "./queue-page";

const euros = (amount: string) => ({ amount, currency: "EUR" });

function compared(change: Partial<Schemas["ComparedCard"]>): Schemas["ComparedCard"] {
  return {
    id: "low",
    full_name: "Marta Bellini",
    created_at: "2021-03-03T10:00:00Z",
    cards: [],
    tags: [],
    contact_points: [],
    visits: 9,
    revenue: euros("642.00"),
    last_purchase_on: "2026-10-11",
    permissions: { at: "2026-11-24T09:00:00Z", rows: [{ purpose: "MKT_OWN", cells: [cell({ ...allowed, channel: "EMAIL" }), cell({ ...saidNo, channel: "SMS" })] }] },
    ...change,
  };
}

const yesToBoth = { at: "2026-11-24T09:00:00Z", rows: [{ purpose: "MKT_OWN" as const, cells: [cell({ channel: "EMAIL" }), cell({ channel: "SMS" })] }] };

const preview: Schemas["MergePreview"] = {
  winner: compared({}),
  loser: compared({ id: "high", full_name: "M. Bellini", visits: 2, revenue: euros("61.00"), permissions: yesToBoth }),
  merged: compared({ visits: 11, revenue: euros("703.00") }),
  fields: [
    { field: "given_name", winner: "Marta", loser: "M.", kept: "winner", differs: true },
    { field: "family_name", winner: "Bellini", loser: "Bellini", kept: "winner", differs: false },
    { field: "birth_on", winner: null, loser: "1986-03-02", kept: "loser", differs: true },
  ],
};

function pair(change: Partial<Schemas["PairDetailRead"]> = {}): Schemas["PairDetailRead"] {
  const card = (customer_id: string, full_name: string, visits: number) => ({ customer_id, full_name, city: null, visits, revenue: euros("1.00") });
  return {
    id: "p1",
    probability: 0.993,
    certainty: "high",
    tier: "review",
    state: "open",
    agreeing: ["phone", "given_name"],
    low: card("low", "Marta Bellini", 9),
    high: card("high", "M. Bellini", 2),
    found_at: "2026-11-24T02:00:00Z",
    decided_by: null,
    decided_at: null,
    evidence: [
      { field: "given_name", level: "similar", weight: 2.1, low: ["Marta"], high: ["M."] },
      { field: "phone", level: "same", weight: 11.4, low: ["+393331234567"], high: ["+393331234567"] },
      { field: "birth_on", level: "unknown", weight: 0, low: [], high: ["1986-03-02"] },
    ],
    ...change,
  };
}

const merge = { id: "m1", winner_id: "low", loser_id: "high" };

function openPair(answers: Record<string, unknown> = {}) {
  const sent = fakeApi({
    "GET /v1/me": me,
    "GET /v1/duplicates/p1": pair(),
    "GET /v1/duplicates/p2": pair({ id: "p2" }),
    "GET /v1/duplicates": page([pair(), pair({ id: "p2" })]),
    "POST /v1/merges/previews": preview,
    ...answers,
  });
  const go = { onPair: vi.fn(), onQueue: vi.fn() };
  renderScreen(<PairPage pairId="p1" {...go} />);
  return { sent, ...go };
}

const posted = (sent: { method: string; path: string; body: unknown }[], path: string) => sent.filter((each) => each.method !== "GET" && each.path === path);

it("puts two cards side by side with what they share, and shows that the stricter permission wins", async () => {
  openPair();
  expect(await screen.findByRole("heading", { level: 1, name: "Marta Bellini e M. Bellini sono la stessa persona?" })).toBeInTheDocument();
  expect(screen.getByText("stesso telefono · nome simile")).toBeInTheDocument();
  const sms = screen.getByRole("row", { name: /SMS/ });
  expect(within(sms).getAllByText("Ha detto no")).toHaveLength(2);
  expect(within(sms).getByText("vince il più stretto")).toBeInTheDocument();
  expect(screen.getByText("11 visite · 703,00 €")).toBeInTheDocument();
});

it("merges with the values picked by keys, one key per intent, and opens the next pair", async () => {
  const { sent, onPair } = openPair({ "POST /v1/merges": merge, "POST /v1/merges/m1/reversals": { merge, kept: [] } });
  await screen.findByRole("radio", { name: "Nome: Marta, Scheda A" });
  await userEvent.keyboard("2");
  expect(screen.getByRole("radio", { name: "Nome: M., Scheda B" })).toBeChecked();
  await userEvent.keyboard("{ArrowDown}1");
  expect(screen.getByRole("radio", { name: "Data di nascita: non c’è, Scheda A" })).toBeChecked();
  await userEvent.keyboard("{Enter}");
  const question = await screen.findByRole("dialog");
  expect(within(question).getByText("Unire Marta Bellini e M. Bellini?")).toBeInTheDocument();
  expect(within(question).getByText(/11 visite e 703,00 € in tutto/)).toBeInTheDocument();
  await waitFor(() => expect(within(question).getByRole("button", { name: "Unisci le schede" })).toBeEnabled());
  await userEvent.click(within(question).getByRole("button", { name: "Unisci le schede" }));
  await waitFor(() => expect(onPair).toHaveBeenCalledWith("p2"));
  const [asked] = posted(sent, "/v1/merges");
  expect(asked?.body).toEqual({ winner_id: "low", loser_id: "high", pair_id: "p1", choices: { given_name: "loser", birth_on: "winner" } });
  expect((asked as unknown as { headers: Headers }).headers.get("Idempotency-Key")).toMatch(/^[\da-f-]{36}$/);
  await userEvent.click(await screen.findByRole("button", { name: "Annulla" }));
  await waitFor(() => expect(posted(sent, "/v1/merges/m1/reversals")).toHaveLength(1));
});

it("says with N that they are two people, and goes on", async () => {
  const { sent, onPair } = openPair({ "PUT /v1/duplicates/p1/verdict": pair({ state: "distinct" }) });
  await screen.findByRole("radio", { name: "Nome: Marta, Scheda A" });
  await userEvent.keyboard("n");
  await waitFor(() => expect(onPair).toHaveBeenCalledWith("p2"));
  expect(posted(sent, "/v1/duplicates/p1/verdict")[0]?.body).toEqual({ verdict: "distinct" });
});

it("keeps the choices when the server refuses", async () => {
  openPair({ "POST /v1/merges": () => refusal(409, "customer-merged", "This card is part of another one") });
  await screen.findByRole("radio", { name: "Nome: Marta, Scheda A" });
  await userEvent.keyboard("2{Enter}");
  const verb = await screen.findByRole("button", { name: "Unisci le schede" });
  await waitFor(() => expect(verb).toBeEnabled());
  await userEvent.click(verb);
  expect(await screen.findByRole("alert")).toBeInTheDocument();
  expect(screen.getByRole("radio", { name: "Nome: M., Scheda B", hidden: true })).toHaveAttribute("aria-checked", "true");
});

it("offers nothing to decide to who may only look", async () => {
  openPair({ "GET /v1/me": { ...me, scopes: ["duplicates:read"] } });
  await screen.findByRole("radio", { name: "Nome: Marta, Scheda A" });
  expect(screen.queryByRole("button", { name: "Unisci" })).not.toBeInTheDocument();
});

it("compares two cards put side by side by hand, keeping the one that was open", async () => {
  const sent = fakeApi({ "GET /v1/me": me, "POST /v1/merges/previews": preview });
  renderScreen(<MergePage first="low" second="high" onMerged={vi.fn()} />);
  await screen.findByRole("radio", { name: "Nome: Marta, Scheda A" });
  expect(posted(sent, "/v1/merges/previews")[0]?.body).toEqual({ winner_id: "low", loser_id: "high", choices: {} });
});

it("lists the surest pairs first and follows a search to its end", async () => {
  const job = { id: "j1", kind: "duplicates.search", label: "Search", subject_type: null, subject_id: null, state: "running", done: 200, total: 400, failure: null, started_at: "2026-11-24T09:00:00Z", finished_at: null };
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/duplicates": page([pair()]), "GET /v1/jobs": page([]), "POST /v1/duplicates/searches": job });
  renderScreen(<QueuePage state="open" cursor={undefined} onSearch={vi.fn()} />);
  expect(await screen.findByRole("heading", { level: 1, name: "Una coppia di schede forse è la stessa persona" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Marta Bellini e M. Bellini" })).toHaveAttribute("href", "/customers/duplicates/p1");
  await userEvent.click(screen.getByRole("button", { name: "Cerca ora" }));
  expect(await screen.findByText("Si confrontano le schede: 200 di 400")).toBeInTheDocument();
  expect(posted(sent, "/v1/duplicates/searches")).toHaveLength(1);
});

it("does not call a missing address a permission", () => {
  const noAddress = { at: "", rows: [{ purpose: "MKT_OWN" as const, cells: [cell({ family: "to_fix", reason: "BAD_CONTACT_POINT", channel: "EMAIL" }), cell({ channel: "SMS" })] }] };
  const result = permissionLines({ ...preview, winner: compared({ permissions: noAddress }), loser: compared({ permissions: yesToBoth }), merged: compared({ permissions: yesToBoth }) });
  expect(result).toEqual({ lines: [], alike: 2 });
});

it("orders the evidence by its strength and leaves out what neither card tells", () => {
  expect(telling(pair().evidence).map((each) => each.field)).toEqual(["phone", "given_name"]);
});
