import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeApi, page, renderScreen } from "@/testing/render";
import { ProgressStep } from "./progress-step";
import type { Campaign } from "./queries";
import { RecipientsStep } from "./recipients-step";

const progress = {
  planned: 0,
  queued: 372,
  sent: 600,
  delivered: 0,
  bounced: 12,
  skipped: 168,
  control: 110,
  deferred: 14,
  failed: 3,
  cancelled: 0,
  unknown: 5,
  total: 1284,
  rate_per_second: 12,
  is_planning: false,
};
const campaign = {
  id: "k1",
  name: "Il caffè di novembre",
  state: "sending",
  version: 3,
  touch_id: "x1",
  channel: "EMAIL",
  purpose: "MKT_OWN",
  progress,
} as Campaign;
const recipient = {
  id: "m1",
  customer_id: "c1",
  customer_name: "Marta Bellini",
  channel: "EMAIL",
  status: "unknown",
  arm: "TREATED",
  reason: null,
  reason_sentence: null,
  planned_at: "2026-11-21T09:00:00Z",
  sent_at: null,
};

describe("a campaign on its way", () => {
  it("says how far it is, how fast, and when it will be done", async () => {
    fakeApi({ "GET /v1/campaigns/k1/recipients": page([]) });
    renderScreen(<ProgressStep campaign={campaign} />);

    expect(await screen.findByText("In corso: 620 di 992")).toBeInTheDocument();
    expect(screen.getByText(/12,0 al secondo · fine verso le/)).toBeInTheDocument();
  });

  it("pauses at once and says how many had already left", async () => {
    fakeApi({ "GET /v1/campaigns/k1/recipients": page([]), "PUT /v1/campaigns/k1/pause": { ...campaign, state: "paused" } });
    renderScreen(<ProgressStep campaign={campaign} />);

    await userEvent.click(await screen.findByRole("button", { name: "Pausa" }));

    expect(await screen.findByText("In pausa. 620 messaggi erano già partiti.")).toBeInTheDocument();
  });

  it("lists who is in doubt, and a person decides one by one", async () => {
    const sent = fakeApi({ "GET /v1/campaigns/k1/recipients": page([recipient]), "PUT /v1/messages/m1/resolution": null });
    renderScreen(<ProgressStep campaign={campaign} />);

    const row = (await screen.findByText("Marta Bellini")).closest("div")!.parentElement!;
    await userEvent.click(within(row).getByRole("button", { name: "Non ricevuto" }));

    expect(sent.find(({ path }) => path.endsWith("/recipients"))?.query.get("status")).toBe("unknown");
    expect(sent.find(({ method }) => method === "PUT")?.body).toEqual({ outcome: "not_received" });
  });
});

describe("its recipients", () => {
  const byStatus = { queued: 372, sent: 600, bounced: 12, skipped: 168, control: 110, deferred: 14, failed: 3, unknown: 5 };

  it("are counted by state, and the states sum to everybody", async () => {
    fakeApi({ "GET /v1/campaigns/k1/recipients": page([recipient]), "GET /v1/messages/counts": { by_status: byStatus } });
    renderScreen(<RecipientsStep campaign={campaign} filter={{}} onFilter={() => undefined} />);

    await screen.findByText("Gruppo di controllo");
    const states = screen.getByRole("group", { name: "Esito" });
    const told = within(states).getAllByRole("button").map((button) => Number(button.querySelector("b")?.textContent?.replace(".", "")));

    expect(told.reduce((sum, each) => sum + each, 0)).toBe(progress.total);
    expect(screen.getByText("1.284 persone, una riga ciascuna")).toBeInTheDocument();
  });
});

describe("those not reached", () => {
  const over = { ...campaign, state: "done", progress: { ...progress, queued: 0, deferred: 0, unknown: 0 } } as Campaign;

  it("are written to once more only when a person says so, with how many", async () => {
    const counted = ({ url }: { url: URL }) => page([], { total: url.searchParams.get("reason") === "GAVE_UP" ? 2 : 0 });
    const sent = fakeApi({ "GET /v1/campaigns/k1/recipients": counted, "POST /v1/campaigns/k1/further-attempts": { ...over, state: "sending" } });
    renderScreen(<ProgressStep campaign={over} />);

    await userEvent.click(await screen.findByRole("button", { name: "Invia a chi non è stato raggiunto: 2" }));
    await userEvent.click(await screen.findByRole("button", { name: "Invia a 2 persone" }));

    expect(await screen.findByText("In coda di nuovo")).toBeInTheDocument();
    expect(sent.find(({ method }) => method === "POST")?.headers.get("Idempotency-Key")).toBeTruthy();
  });

  it("see why the rest waits, with the way to whoever can do something", async () => {
    const held = { kind: "messages", reason: "stream_held", channel: "EMAIL", stream: "MARKETING", touch_id: "x1", count: 372, oldest_at: "2026-11-24T09:00:00Z" };
    fakeApi({
      "GET /v1/campaigns/k1/recipients": page([]),
      "GET /v1/deliverability/waiting": { has_worker: true, items: [held, { ...held, touch_id: "another", count: 9 }] },
    });
    renderScreen(<ProgressStep campaign={campaign} />);

    expect(await screen.findByText("372 messaggi")).toBeInTheDocument();
    expect(screen.queryByText("9 messaggi")).not.toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Vedi in Consegna" })).toHaveAttribute("href", "/deliverability");
  });
});
