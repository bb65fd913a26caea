import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { card, customer, me, permissions } from "@/testing/people";
import { fakeApi, page, refusal, renderScreen } from "@/testing/render";
import { CardPage, type CardTab } from "./card-page";

function open(answers: Record<string, unknown> = {}, change: { tab?: CardTab; asOf?: string } = {}) {
  const sent = fakeApi({
    "GET /v1/me": me,
    "GET /v1/customers/c1/card": card(),
    "GET /v1/customers/c1/permissions": permissions,
    "GET /v1/customers/c1/timeline": page([]),
    "GET /v1/customers/c1/notes": page([]),
    "GET /v1/notices": page([]),
    ...answers,
  });
  const onWrite = vi.fn();
  renderScreen(
    <CardPage customerId="c1" tab={change.tab ?? "story"} onTab={vi.fn()} asOf={change.asOf} onAsOf={vi.fn()} onWrite={onWrite} />,
  );
  return { sent, onWrite };
}

it("says who, how much and whether we may write", async () => {
  open();
  expect(await screen.findByRole("heading", { level: 1, name: "Marta Bellini" })).toBeInTheDocument();
  expect(screen.getByText(/2\.214,40/)).toBeInTheDocument();
  expect(await screen.findByRole("button", { name: /^SMS, Offerte nostre: Ha detto no/ })).toBeInTheDocument();
});

it("never puts the person's name in the document's title", async () => {
  open();
  await screen.findByRole("heading", { level: 1 });
  expect(document.title).toBe("Scheda cliente · Ritorno");
});

it("explains a cell with what would change it", async () => {
  open();
  await userEvent.click(await screen.findByRole("button", { name: /^SMS, Offerte nostre/ }));
  const why = await screen.findByRole("dialog");
  expect(within(why).getByText("Ha ritirato il consenso il 4 aprile")).toBeInTheDocument();
  expect(within(why).getByText("Solo un suo nuovo sì, con prova")).toBeInTheDocument();
  expect(within(why).getByText("D-E3 · WITHDRAWN")).toBeInTheDocument();
});

it("records «niente SMS», said yesterday, in three presses", async () => {
  const { sent } = open({ "POST /v1/customers/c1/objections": { items: [] } });
  await userEvent.click(await screen.findByRole("button", { name: "Non vuole più…" }));
  const form = await screen.findByRole("dialog");
  await userEvent.click(within(form).getByRole("radio", { name: "SMS" }));
  await userEvent.click(within(form).getByRole("radio", { name: "Ieri" }));
  expect(within(form).getByText("Marta Bellini")).toBeInTheDocument();
  await userEvent.click(within(form).getByRole("button", { name: "Registra" }));
  const said = sent.find((each) => each.method === "POST")?.body as { scope: string; channel: string; received_on: string; method: string };
  const yesterday = new Date(Date.now() - 86_400_000).toLocaleDateString("en-CA", { timeZone: "Europe/Rome" });
  expect(said).toMatchObject({ scope: "channel", channel: "SMS", received_on: yesterday, method: "ORAL" });
});

it("does not show a consent before the server has it", async () => {
  open({ "POST /v1/customers/c1/objections": () => refusal(503, "unavailable", "Non ora") });
  await userEvent.click(await screen.findByRole("button", { name: "Non vuole più…" }));
  const form = await screen.findByRole("dialog");
  await userEvent.click(within(form).getByRole("radio", { name: "SMS" }));
  await userEvent.click(within(form).getByRole("button", { name: "Registra" }));
  expect(await within(form).findByRole("alert")).toBeInTheDocument();
  expect(screen.getByRole("dialog")).toBeInTheDocument();
});

it("tells every message that did not leave, with its reason", async () => {
  open({
    "GET /v1/customers/c1/timeline": page([
      {
        kind: "message",
        at: "2026-09-28T10:00:00Z",
        subject_id: "m1",
        title: "Sconti autunno",
        detail: { channel: "SMS", rule_id: "D-M1" },
        amount: null,
        status: "skipped",
        reason: "WITHDRAWN",
      },
    ]),
  });
  expect(await screen.findByText("SMS «Sconti autunno»: saltato")).toBeInTheDocument();
  expect(screen.getByText(/Ha ritirato il consenso$/)).toBeInTheDocument();
});

it("shows both versions when somebody saved first", async () => {
  let version = 3;
  const { sent } = open(
    {
      "GET /v1/customers/c1": () => Response.json(customer({ given_name: version === 3 ? "Marta" : "Martina" }), { headers: { ETag: `"v${version}"` } }),
      "PATCH /v1/customers/c1": ({ headers }: { headers: Headers }) => {
        if (headers.get("If-Match") === '"v4"') return customer({ given_name: "Marta Lucia" });
        version = 4;
        return refusal(412, "stale", "Changed");
      },
    },
    { tab: "data" },
  );
  const panel = await screen.findByRole("tabpanel");
  await userEvent.click(await within(panel).findByRole("button", { name: "Modifica" }));
  const name = await screen.findByRole("textbox", { name: "Nome" });
  await userEvent.clear(name);
  await userEvent.type(name, "Marta Lucia");
  await userEvent.click(within(panel).getByRole("button", { name: "Salva" }));
  const both = await screen.findByRole("dialog", { name: "Qualcuno ha modificato nel frattempo" });
  expect(within(both).getByText("Martina")).toBeInTheDocument();
  await userEvent.click(within(both).getByRole("button", { name: "Tieni la mia" }));
  const saves = sent.filter((each) => each.method === "PATCH");
  expect(saves.map((each) => each.headers.get("If-Match"))).toEqual(['"v3"', '"v4"']);
});

it("freezes every act while looking at the past", async () => {
  open({}, { asOf: "2026-03-03" });
  expect(await screen.findByText(/I permessi com’erano il 3 marzo 2026/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Scrivi" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Non vuole più…" })).not.toBeInTheDocument();
});

it("leaves nothing but the fact on an erased card", async () => {
  open({ "GET /v1/customers/c1/card": card({ customer: customer({ erased_at: "2026-11-01T10:00:00Z", full_name: "" }) }) });
  expect(await screen.findByRole("heading", { level: 1, name: "Questa scheda è stata cancellata" })).toBeInTheDocument();
  expect(screen.queryByText("Si può scrivere?")).not.toBeInTheDocument();
});

it("tells a missing card from a failed one", async () => {
  open({ "GET /v1/customers/c1/card": () => refusal(404, "customer-not-found", "x") });
  expect(await screen.findByText("Questa scheda non c’è")).toBeInTheDocument();
});

it("follows a card that became part of another one", async () => {
  fakeApi({ "GET /v1/me": me, "GET /v1/customers/c1/card": () => refusal(409, "customer-merged", "This card is part of another one", { merged_into: "c2" }) });
  const onMergedInto = vi.fn();
  renderScreen(
    <CardPage customerId="c1" tab="story" onTab={vi.fn()} asOf={undefined} onAsOf={vi.fn()} onWrite={vi.fn()} onMergedInto={onMergedInto} />,
  );
  await vi.waitFor(() => expect(onMergedInto).toHaveBeenCalledWith("c2"));
});
