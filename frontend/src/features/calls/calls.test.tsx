import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { me } from "@/testing/people";
import { fakeApi, refusal, renderScreen } from "@/testing/render";
import { CallPage } from "./call-page";
import { CallsPage } from "./calls-page";
import { momentsOf, proposed } from "./hours";
import type { Call, CallList, Waiting } from "./queries";

const list: CallList = {
  touch_id: "t1",
  touch_name: "È ora di tornare",
  touch_kind: "RECALL",
  subject_id: "r1",
  waiting_count: 5,
  due_count: 3,
  later_count: 2,
  paused_count: 0,
  unchecked_count: 1,
  in_hand_count: 0,
  ended_count: 5,
  reached_count: 4,
  oldest_due_at: "2026-11-24T08:00:00Z",
  next_due_at: "2026-11-24T13:00:00Z",
  best: { weekday: null, band: "EVENING" },
};
const waiting: Waiting = {
  open_call_id: null,
  waiting_count: 5,
  due_count: 3,
  later_count: 2,
  oldest_due_at: list.oldest_due_at,
  next_due_at: list.next_due_at,
  callbacks: [{ message_id: "m9", touch_id: "t1", customer_id: "c9", customer_name: "Elena Sanna", due_at: "2099-11-24T14:30:00Z" }],
  touches: [list],
};
const call: Call = {
  id: "m1",
  touch_id: "t1",
  touch_name: "È ora di tornare",
  template_name: "Telefonata",
  may_call: true,
  refusal: null,
  checked_at: "2026-11-24T09:30:00Z",
  started_at: "2026-11-24T09:30:00Z",
  lease_until: "2026-11-24T09:45:00Z",
  person: { customer_id: "c1", given_name: "Marta", family_name: "Bellini", language: "it", last_visit_on: "2026-11-03", last_purchase: null, due_on: null },
  number: "+393331234567",
  script: {
    language: "it",
    opening: ["Buongiorno, sono Giulia."],
    body: "La aspettiamo.\n\nA presto.",
    after_objection: "Non riceverà più telefonate.",
    after_objection_to_all: "Non riceverà più nulla.",
    about_source: "Ce l’ha dato in negozio.",
  },
  register_stamp: { checked_at: "2026-11-20T00:00:00Z", valid_until: "2026-12-05T00:00:00Z", listed_since: null },
  clock: { zone: "Europe/Rome", is_open: true, openings: [{ opens_at: "2026-11-24T09:30:00Z", closes_at: "2026-11-24T19:00:00Z" }] },
  best: { at: "2026-11-24T09:30:00Z", reason: "VISITS", weekday: 1, band: "MORNING" },
  attempt_count: 0,
  most_attempts: 3,
  earlier: [],
};

function openCall(answers: Record<string, unknown> = {}) {
  const sent = fakeApi({
    "GET /v1/me": me,
    "GET /v1/calls/m1": call,
    "PUT /v1/calls/m1/lease": { lease_until: call.lease_until },
    "GET /v1/calls/waiting": waiting,
    "POST /v1/calls": { call: { ...call, id: "m2" }, refused: [], has_more: false, next_due_at: null },
    "POST /v1/calls/m1/outcome": ({ body }: { body: { outcome: string; result?: string } }) => ({
      id: "k1",
      message_id: "m1",
      outcome: body.outcome,
      result: body.result ?? null,
      ended_at: call.checked_at,
      again_at: body.outcome === "BUSY" ? "2026-11-24T14:00:00Z" : null,
    }),
    ...answers,
  });
  const onCall = vi.fn();
  const onList = vi.fn();
  renderScreen(<CallPage id="m1" onCall={onCall} onList={onList} />);
  return { sent, onCall, onList };
}

it("tells how many wait and takes the next person", async () => {
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/calls/waiting": waiting, "POST /v1/calls": { call, refused: [], has_more: false, next_due_at: null } });
  const onCall = vi.fn();
  renderScreen(<CallsPage onCall={onCall} />);
  expect(await screen.findByRole("heading", { level: 1, name: "3 persone da chiamare adesso." })).toBeInTheDocument();
  expect(screen.getByText("Elena Sanna")).toBeInTheDocument();
  expect(screen.getByText("Rispondono soprattutto verso sera")).toBeInTheDocument();
  expect(screen.getByText("1 aspetta il Registro delle opposizioni")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Prossima persona" }));
  expect(onCall).toHaveBeenCalledWith("m1");
  expect(sent.find((each) => each.method === "POST")?.body).toEqual({ touch_id: null });
});

it("says who was passed over when nobody is left", async () => {
  fakeApi({
    "GET /v1/me": me,
    "GET /v1/calls/waiting": waiting,
    "POST /v1/calls": { call: null, refused: [{ reason: "RPO_REVOKED", count: 2 }], has_more: false, next_due_at: null },
  });
  renderScreen(<CallsPage onCall={vi.fn()} />);
  await userEvent.click(await screen.findByRole("button", { name: "Prossima persona" }));
  expect(await screen.findByText(/Saltate 2 persone/)).toHaveTextContent("Registro");
});

it("goes on past a hundred people who may not be called", async () => {
  const offers = [true, false].map((has_more) => ({ call: null, refused: [{ reason: "RPO_REVOKED", count: 100 }], has_more, next_due_at: null }));
  fakeApi({ "GET /v1/me": me, "GET /v1/calls/waiting": waiting, "POST /v1/calls": () => offers.shift() });
  renderScreen(<CallsPage onCall={vi.fn()} />);
  await userEvent.click(await screen.findByRole("button", { name: "Prossima persona" }));
  expect(await screen.findByText(/Saltate 200 persone/)).toBeInTheDocument();
});

it("shows number, script, stamp and habit of one person", async () => {
  openCall();
  expect(await screen.findByRole("link", { name: "Chiama 333 123 4567" })).toHaveAttribute("href", "tel:+393331234567");
  expect(screen.getByText("Buongiorno, sono Giulia.")).toBeInTheDocument();
  expect(screen.getByText(/vale fino al 5 dic/)).toBeInTheDocument();
  expect(screen.getByText(/Di solito passa il martedì mattina/)).toBeInTheDocument();
});

it("records an unanswered call by its key and goes on", async () => {
  const { sent, onCall } = openCall();
  await screen.findByRole("link", { name: /Chiama/ });
  await userEvent.keyboard("3");
  await waitFor(() => expect(onCall).toHaveBeenCalledWith("m2"));
  expect(sent.find((each) => each.path.endsWith("/outcome"))?.body).toEqual({ outcome: "BUSY", note: null });
  expect(await screen.findByText(/si riprova il 24 nov, 15:00/)).toBeInTheDocument();
});

it("asks what was said before it records that somebody answered", async () => {
  const { sent } = openCall();
  await userEvent.type(await screen.findByRole("textbox", { name: "Appunto" }), "Passa giovedì");
  await userEvent.click(screen.getByRole("button", { name: /Ha risposto/ }));
  await userEvent.click(screen.getByRole("button", { name: "Appuntamento" }));
  expect(sent.find((each) => each.path.endsWith("/outcome"))?.body).toEqual({ outcome: "REACHED", result: "BOOKED", note: "Passa giovedì" });
});

it("reads the objection aloud before it records it", async () => {
  const { sent } = openCall();
  await userEvent.click(await screen.findByRole("button", { name: /Non vuole più/ }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("Non riceverà più telefonate.")).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole("radio", { name: "Offerte, in nessun modo" }));
  expect(within(dialog).getByText("Non riceverà più nulla.")).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole("button", { name: "Registra" }));
  expect(sent.find((each) => each.path.endsWith("/outcome"))?.body).toEqual({ outcome: "OBJECTED", objects_to: "EVERYTHING", note: null });
});

it("takes number and script away and says why once the answer has turned", async () => {
  openCall({
    "GET /v1/calls/m1": {
      ...call,
      may_call: false,
      number: null,
      script: null,
      refusal: { reason: "WITHDRAWN", rule_id: "G10", family: "said_no", until: null },
    },
  });
  expect(await screen.findByRole("alert")).toHaveTextContent("Non chiamare più");
  expect(screen.queryByRole("link", { name: /Chiama/ })).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Prossima persona" })).toBeInTheDocument();
});

it("leads back to the list when the call is no longer here", async () => {
  openCall({ "GET /v1/calls/m1": refusal(404, "call-not-found", "gone") });
  expect(await screen.findByText("Questa telefonata non è più qui.")).toBeInTheDocument();
});

it("offers quarters of an hour inside the legal hours, from the best moment on", () => {
  const days = momentsOf(
    [
      { opens_at: "2026-11-24T18:20:00Z", closes_at: "2026-11-24T19:00:00Z" },
      { opens_at: "2026-11-25T08:00:00Z", closes_at: "2026-11-25T19:00:00Z" },
    ],
    "Europe/Rome",
    Date.parse("2026-11-24T18:20:00Z"),
  );
  expect(days.get("2026-11-24")).toEqual(["2026-11-24T18:45:00.000Z"]);
  expect(days.get("2026-11-25")?.[0]).toBe("2026-11-25T08:00:00.000Z");
  expect(proposed(days, "2026-11-25T16:00:00Z")).toBe("2026-11-25T16:00:00.000Z");
  expect(proposed(days, undefined)).toBe("2026-11-24T18:45:00.000Z");
});
