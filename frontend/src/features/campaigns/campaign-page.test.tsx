import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeApi, refusal, renderScreen } from "@/testing/render";
import { CampaignPage } from "./campaign-page";
import type { Step } from "./steps";

const draft = {
  id: "k1",
  name: "Il caffè di novembre",
  state: "draft",
  version: 3,
  segment_id: "s1",
  segment_name: "Chi beve caffè",
  template_id: "t1",
  template_name: "Novità",
  channel: "EMAIL",
  purpose: "MKT_OWN",
  control_share: "0.10",
  window_days: 14,
  created_at: "2026-11-21T09:00:00Z",
  updated_at: "2026-11-21T09:00:00Z",
  scheduled_at: null,
  touch_id: null,
  progress: null,
};
const rehearsal = {
  id: "r1",
  version: 3,
  audience: 313,
  will_receive: 92,
  control: 30,
  deferred: 0,
  denied: 191,
  cost: { amount: "0.92", currency: "EUR" },
  by_reason: [
    { reason: "NO_BASIS", family: "not_asked", count: 191, sentence: "Non l’abbiamo mai chiesto" },
    { reason: "HOLDOUT", family: "control", count: 30, sentence: "Nel gruppo di controllo" },
  ],
  sample: [{ customer_id: "c1", full_name: "Marta Bellini", subject: "Novità", html: "<p>Buongiorno Marta</p>", text: "Buongiorno Marta" }],
  missing_values: [],
  detectable_points: 9.1,
  people_needed_for_3_points: 9500,
  created_at: "2026-11-21T09:05:00Z",
};
const tagged = (body: object) => Response.json(body, { headers: { etag: '"v3"' } });

function open(step: Step, answers: Record<string, unknown> = {}) {
  const sent = fakeApi({
    "GET /v1/campaigns/k1/rehearsals/latest": () => rehearsal,
    "GET /v1/campaigns/k1": () => tagged(draft),
    ...answers,
  });
  const ignore = () => undefined;
  renderScreen(
    <CampaignPage id="k1" step={step} filter={{}} onFilter={ignore} onStep={ignore} onDeleted={ignore} results={null} />,
  );
  return sent;
}

describe("a campaign before it leaves", () => {
  it("says in numbers who will receive it, and that the control group is no refusal", async () => {
    open("rehearsal");

    expect(await screen.findByText("Di 313 persone nel segmento, 92 riceveranno il messaggio.")).toBeInTheDocument();
    const refusals = screen.getByRole("heading", { name: "Perché no" }).closest("section")!;
    expect(within(refusals).getByText("191")).toBeInTheDocument();
    expect(within(refusals).queryByText("30")).not.toBeInTheDocument();
  });

  it("says how many texts each person would get, how many in all and what they cost", async () => {
    const parts = { min: 1, max: 2, total: 1312 };
    const found = { ...rehearsal, parts, cost: { amount: "78.72", currency: "EUR" } };
    open("rehearsal", { "GET /v1/campaigns/k1/rehearsals/latest": () => found });

    expect(await screen.findByText(/^Da 1 a 2 SMS a persona, 1\.?312 in tutto, 78,72\s€$/)).toBeInTheDocument();
  });

  it("keeps approval locked, with its reason, until this version was rehearsed", async () => {
    open("rehearsal", { "GET /v1/campaigns/k1/rehearsals/latest": () => ({ ...rehearsal, version: 2 }) });

    expect(await screen.findByText(/La campagna è cambiata dopo la prova/)).toBeInTheDocument();
    expect(screen.getByText("Approva").closest("[aria-disabled]")).toHaveAccessibleDescription("Prima serve una prova di questa versione.");
  });

  it("offers the rehearsal where there was none", async () => {
    const sent = open("rehearsal", {
      "GET /v1/campaigns/k1/rehearsals/latest": () => refusal(404, "rehearsal-not-found", "Non c'è"),
      "POST /v1/campaigns/k1/rehearsals": rehearsal,
    });

    await userEvent.click(await screen.findByRole("button", { name: "Prova senza inviare" }));

    expect(await screen.findByText(/92 riceveranno/)).toBeInTheDocument();
    expect(sent.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("approves by a schedule a minute away, so that stopping is a real stop", async () => {
    const sent = open("approve", { "PUT /v1/campaigns/k1/schedule": draft });

    await userEvent.click(await screen.findByRole("button", { name: "Approva e invia a 92" }));

    const put = sent.find(({ method }) => method === "PUT")!;
    const wait = Date.parse((put.body as { at: string }).at) - Date.now();
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  });

  it("has one filled button on its rehearsal", async () => {
    open("rehearsal");
    await screen.findByText("Con persone vere");

    expect(document.querySelectorAll('[data-variant="filled"]')).toHaveLength(1);
  });
});
