import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeApi, renderScreen } from "@/testing/render";
import { DeliverabilityPage } from "./deliverability-page";

const none = { sent: 0, delivered: 0, bounced: 0, refused: 0, deferred: 0, complained: 0, unsubscribed: 0, bounce_rate: null, deferral_rate: null, complaint_rate: null, unsubscribe_rate: null };
const day = { ...none, sent: 12_500, delivered: 12_400, bounced: 100, complained: 3, bounce_rate: 0.008, deferral_rate: 0.01, complaint_rate: 0.00024, unsubscribe_rate: 0 };
const stream = {
  sender_id: "s1",
  channel: "EMAIL",
  stream: "MARKETING",
  name: "Bottega",
  address: "offerte@bottega.it",
  leaves: true,
  is_ready: true,
  checks: [],
  checked_at: null,
  signing_keys: [],
  hold: null,
  warm_up: null,
  last_24h: day,
  last_30_days: day,
};
const hold = {
  id: "h1",
  channel: "EMAIL",
  stream: "MARKETING",
  reason: "COMPLAINTS",
  details: { count: 31, of: 12_400, rate: 0.0025, limit: 0.002, hours: 24 },
  since: "2026-11-24T09:00:00Z",
  lifted_at: null,
  lifted_by: null,
  lifted_because: null,
};
const limits = {
  complaints_target: 0.001,
  complaints_24h: 0.002,
  complaints_day: 0.003,
  enough_delivered: 1_000,
  few_complaints: 3,
  bounces_24h: 0.05,
  enough_handed_over: 200,
  deferrals_warm_up: 0.2,
};
const receiver = { ...day, receiver: "google", per_minute: 30, slowed_since: "2026-11-24T09:00:00Z" };
const waiting = {
  kind: "messages",
  reason: "stream_held",
  channel: "EMAIL",
  stream: "MARKETING",
  touch_id: null,
  touch_name: null,
  receiver: null,
  count: 312,
  oldest_at: "2026-11-24T09:00:00Z",
  next_at: null,
  is_stuck: true,
};

function open(part: object = {}, items: object[] = []) {
  const sent = fakeApi({
    "GET /v1/me": { id: "u1", name: "Giulia", role: "owner", scopes: ["*"] },
    "GET /v1/deliverability": { counted_until: "2026-11-24T10:00:00Z", limits, streams: [{ ...stream, ...part }] },
    "GET /v1/deliverability/days": { channel: "EMAIL", stream: "MARKETING", days: [{ ...day, day: "2026-11-23" }, { ...none, day: "2026-11-24" }] },
    "GET /v1/deliverability/receivers": { channel: "EMAIL", stream: "MARKETING", receivers: [receiver, { ...receiver, receiver: "", per_minute: null, slowed_since: null }] },
    "GET /v1/deliverability/waiting": { has_worker: true, items },
    "DELETE /v1/stream-holds/EMAIL/MARKETING": { ...hold, lifted_at: "2026-11-24T11:00:00Z" },
  });
  renderScreen(<DeliverabilityPage onChoose={() => undefined} />);
  return sent;
}

describe("whether mail arrives", () => {
  it("is said in a sentence, with the limit in people", async () => {
    open();

    expect(await screen.findByText("Le email arrivano: 3 reclami su 12.400 in 24 ore, limite 24.")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "Reclami: 0,02%, il limite è 0,30%" })).toBeInTheDocument();
    expect(await screen.findByText("Niente aspetta")).toBeInTheDocument();
  });

  it("names who asked us to slow down, and how slowly we go", async () => {
    open();

    const row = (await screen.findByText("Gmail")).closest("tr")!;
    expect(within(row).getByText("Rallentato a 30 al minuto")).toBeInTheDocument();
    expect(within(screen.getByText("Tutti gli altri").closest("tr")!).getByText("Libero")).toBeInTheDocument();
  });
});

describe("a stream that waits", () => {
  it("says why, and goes on only for a reason that is kept", async () => {
    const sent = open({ hold }, [waiting]);

    expect(await screen.findByText("Fermo per i reclami: 31 su 12.400 in 24 ore, il limite è 0,20%.")).toBeInTheDocument();
    expect(await screen.findByText("Da troppo tempo")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Riprendi" }));
    const modal = await screen.findByRole("dialog");
    expect(within(modal).getByRole("button", { name: "Riprendi" })).toBeDisabled();
    await userEvent.type(within(modal).getByLabelText("Che cosa si è fatto"), "Tolto l'elenco comprato");
    await userEvent.click(within(modal).getByRole("button", { name: "Riprendi" }));

    expect(await screen.findByText("Ripreso")).toBeInTheDocument();
    expect(sent.find(({ method }) => method === "DELETE")?.body).toEqual({ because: "Tolto l'elenco comprato" });
  });
});
