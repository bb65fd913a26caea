import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeApi, refusal, renderScreen } from "@/testing/render";
import { MessageDrawer } from "./message-drawer";

const message = {
  id: "m1",
  customer_id: "c1",
  customer_name: "Marta Bellini",
  channel: "EMAIL",
  purpose: "MKT_OWN",
  touch_id: "x1",
  touch_name: "Promemoria inverno",
  template_name: "Promemoria",
  status: "sent",
  reason: null,
  reason_sentence: null,
  arm: "TREATED",
  to: "marta@example.it",
  subject: "È ora di tornare",
  planned_at: "2026-11-21T09:00:00Z",
  due_at: "2026-11-21T09:00:00Z",
  sent_at: "2026-11-21T09:01:00Z",
  html: "<html><head></head><body><img src='https://example.com/pixel.png'>Buongiorno</body></html>",
  text: "Buongiorno",
  headers: [["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"]],
  decision: { verdict: "ALLOW", family: "allowed", reason: null, rule_id: "D-E1", basis: "CONSENT", until: null, sentence: "Sì" },
  handoff_decision: null,
  history: [{ status: "sent", at: "2026-11-21T09:01:00Z", detail: null }],
  captured: true,
  unsubscribe_url: "http://shop.example/u/token",
};

function open(part: object = {}) {
  const sent = fakeApi({ "GET /v1/messages/m1": { ...message, ...part }, "PUT /v1/messages/m1/resolution": null });
  renderScreen(<MessageDrawer id="m1" onClose={() => undefined} />);
  return sent;
}

describe("one message", () => {
  it("is shown in a frame that runs nothing and loads nothing from outside", async () => {
    open();

    const frame = (await screen.findByTitle("È ora di tornare")) as HTMLIFrameElement;

    expect(frame.getAttribute("sandbox")).toBe("");
    expect(frame.srcdoc).toContain("default-src 'none'");
    expect(frame.srcdoc.indexOf("Content-Security-Policy")).toBeLessThan(frame.srcdoc.indexOf("pixel.png"));
  });

  it("shows the header that makes one click enough", async () => {
    open();

    await userEvent.click(await screen.findByText("Intestazioni"));

    expect(screen.getByText("List-Unsubscribe=One-Click")).toBeInTheDocument();
  });

  it("opens on the gate's answer when it was never written", async () => {
    const refused = { ...message.decision, verdict: "DENY", family: "not_asked", reason: "NO_BASIS", sentence: "Non l'abbiamo mai chiesto" };
    open({ status: "skipped", html: null, text: null, headers: [], decision: refused });

    expect(await screen.findByText("Questo messaggio non è stato scritto")).toBeInTheDocument();
    expect(screen.getByText("Non l'abbiamo mai chiesto")).toBeInTheDocument();
  });

  it("lets a person say whether a doubtful one arrived", async () => {
    const sent = open({ status: "unknown" });

    await userEvent.click(await screen.findByRole("button", { name: "Segna come non ricevuto" }));

    expect(sent.find(({ method }) => method === "PUT")?.body).toEqual({ outcome: "not_received" });
  });

  it("tells each attempt with the server's own words, and opens there when it came back", async () => {
    open({
      status: "bounced",
      reason: "HARD_BOUNCE",
      history: [
        { status: "sending", at: "2026-11-21T09:01:00Z", detail: null },
        { status: "queued", at: "2026-11-21T09:01:01Z", detail: "451 4.7.1 Greylisted" },
        { status: "sending", at: "2026-11-21T09:11:00Z", detail: null },
        { status: "bounced", at: "2026-11-21T09:11:01Z", detail: "550 5.1.1 No such user" },
      ],
    });

    expect(await screen.findByText("Primo tentativo")).toBeInTheDocument();
    expect(screen.getByText("Tentativo 2")).toBeInTheDocument();
    expect(screen.getByText("Il server ha chiesto di riprovare. Ha detto:")).toBeInTheDocument();
    expect(screen.getByText("550 5.1.1 No such user")).toBeInTheDocument();
  });

  it("says in the reader's language why it cannot be read", async () => {
    fakeApi({ "GET /v1/messages/m1": () => refusal(403, "forbidden", "Not for this role") });
    renderScreen(<MessageDrawer id="m1" onClose={() => undefined} />);

    expect(await screen.findByText("Questa parte è riservata ad altri ruoli")).toBeInTheDocument();
  });
});
