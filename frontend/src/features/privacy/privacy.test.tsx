import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { expect, it } from "vitest";
import { me } from "@/testing/people";
import { clockOf, privacyRequest } from "@/testing/privacy";
import { fakeApi, page, refusal, renderScreen } from "@/testing/render";
import { toneOf } from "./clock";
import { ReceivePage } from "./receive-page";
import { RequestList } from "./request-list";
import { RequestPage } from "./request-page";
import { lockOf, openingStep, type Step } from "./steps";

const nothing = () => undefined;
const summary = { open: 2, overdue: 1, due_soon: 0, next_due_on: "2026-11-13" };

function openRequest(request = privacyRequest(), step: Step = "answer", scopes = ["*"]) {
  const sent = fakeApi({
    "GET /v1/me": { ...me, scopes },
    "GET /v1/privacy-requests/q1": request,
    "PUT /v1/privacy-requests/q1/answer": { ...request, state: "answered", outcome: "GRANTED", clock: null, closed_at: "2026-11-24T10:00:00Z" },
    "GET /v1/erasures": page([]),
  });
  renderScreen(
    <Suspense>
      <RequestPage id="q1" step={step} onStep={nothing} />
    </Suspense>,
  );
  return sent;
}

it("says who waits and shows the overdue one first, in words and not by colour alone", async () => {
  const late = privacyRequest({ id: "q2", kind: "OBJECTION", customer_name: "Anna Ferraro", clock: clockOf({ days_left: -11, share_left: 0, is_overdue: true }) });
  fakeApi({ "GET /v1/me": me, "GET /v1/privacy-requests": page([late, privacyRequest()]), "GET /v1/privacy-requests/summary": summary });
  renderScreen(<RequestList filter={{}} onFilter={nothing} onReceived={nothing} />);

  expect(await screen.findByRole("heading", { name: "2 persone aspettano una risposta" })).toBeInTheDocument();
  expect(screen.getByText("1 è scaduta.")).toBeInTheDocument();
  const [, first] = await screen.findAllByRole("row");
  expect(within(first!).getByText("Scaduta da 11 giorni")).toBeInTheDocument();
});

it("tells why a day is the last one, with the rule of the clock", async () => {
  openRequest();

  await userEvent.click(await screen.findByRole("button", { name: "Perché quel giorno?" }));

  expect(await screen.findByText(/30 giorni finiscono prima di un mese di calendario/)).toBeInTheDocument();
  expect(screen.getByText("C-27 · THIRTY_DAYS")).toBeInTheDocument();
});

it("shows the list as refused to those whom the server refuses", async () => {
  fakeApi({ "GET /v1/me": me, "GET /v1/privacy-requests": () => refusal(403, "forbidden", "No") });
  renderScreen(<RequestList filter={{}} onFilter={nothing} onReceived={nothing} />);

  expect(await screen.findByText("Questa parte è riservata ad altri ruoli")).toBeInTheDocument();
});

it("erases only after the surname was typed", async () => {
  const sent = openRequest();
  await userEvent.click(await screen.findByRole("radio", { name: /^Accolta$/ }));
  await userEvent.click(screen.getByRole("button", { name: "Cancella la scheda" }));
  const dialog = await screen.findByRole("dialog");
  const verb = within(dialog).getByRole("button", { name: "Cancella la scheda" });

  expect(verb).toBeDisabled();
  await userEvent.type(within(dialog).getByRole("textbox"), "greco");
  await userEvent.click(verb);

  expect(await screen.findByText("Risposta data")).toBeInTheDocument();
  expect(sent.find(({ method }) => method === "PUT")?.body).toEqual({ outcome: "GRANTED", letter: "email", reason: null });
});

it("grants nothing before it is sure who asks, and lets a no be given with its reason", async () => {
  openRequest(privacyRequest({ identified_at: null, identity_method: null, state: "received", kind: "ACCESS" }));

  const yes = await screen.findByRole("radio", { name: "Accolta" });
  expect(yes).toBeDisabled();
  await userEvent.click(screen.getByRole("radio", { name: "Non accolta" }));

  expect(screen.getByRole("button", { name: "Chiudi e rispondi" })).toBeDisabled();
  await userEvent.type(screen.getByRole("textbox", { name: "Perché" }), "Non abbiamo suoi dati");
  expect(screen.getByRole("button", { name: "Chiudi e rispondi" })).toBeEnabled();
});

it("opens no step of a request before its time", () => {
  const unknown = privacyRequest({ identified_at: null });

  expect(lockOf("work", unknown)).toBe("step.lock_identity");
  expect(openingStep(unknown)).toBe("identity");
  expect(openingStep(privacyRequest())).toBe("work");
  expect(openingStep(privacyRequest({ closed_at: "2026-11-24T10:00:00Z" }))).toBe("answer");
});

it("never looks calm on the last day, and stands still while it is paused", () => {
  expect(toneOf(clockOf())).toBe("ink");
  expect(toneOf(clockOf({ days_left: 10 }))).toBe("deferred");
  expect(toneOf(clockOf({ days_left: 0 }))).toBe("denied");
  expect(toneOf(clockOf({ days_left: -3, is_paused: true }))).toBe("stone");
});

it("takes a request at the counter from somebody without a card", async () => {
  const sent = fakeApi({ "GET /v1/me": { ...me, scopes: ["privacy:receive"] }, "POST /v1/privacy-requests": privacyRequest() });
  renderScreen(<ReceivePage />);

  await userEvent.click(await screen.findByRole("radio", { name: /Accesso/ }));
  await userEvent.click(screen.getByText("Non si sa chi è"));
  await userEvent.type(screen.getByPlaceholderText("Chi dice di essere e dove rispondere"), "Sig. Rossi");
  await userEvent.click(screen.getByRole("button", { name: "Registra la richiesta" }));

  expect((await screen.findAllByText("Richiesta registrata: si risponde entro il 15 dicembre 2026")).length).toBeGreaterThan(0);
  const post = sent.find(({ method }) => method === "POST")!;
  expect(post.body).toMatchObject({ kind: "ACCESS", channel: "DESK", customer_id: null, claimed_identity: "Sig. Rossi" });
  expect(post.headers.get("Idempotency-Key")).toBeTruthy();
});
