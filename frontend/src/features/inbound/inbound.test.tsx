import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import english from "@/lib/i18n/en/inbound.json";
import italian from "@/lib/i18n/it/inbound.json";
import { fakeApi, page, renderScreen } from "@/testing/render";
import { InboundPage } from "./inbound-page";
import { doneFor, mailKinds } from "./kinds";
import type { InboundFilter } from "./queries";

const mail = {
  id: "m1",
  received_at: "2026-11-24T09:00:00Z",
  source: "imap",
  kind: "unattributed",
  message_id: null,
  customer_id: null,
  customer_name: null,
  is_open: true,
  receiver: null,
  blame: null,
  status_code: null,
  diagnostic: "",
  sender: "sconosciuta@example.org",
  subject: "Non sono io",
  handled_at: null,
  handled_by: null,
  handled_as: null,
};
const text = {
  id: "t1",
  received_at: "2026-11-24T09:00:00Z",
  kind: "HUMAN",
  text: "ma chi siete?",
  from_number: "+393331234567",
  customer_id: "c1",
  customer_name: "Marta Bellini",
  message_id: null,
  is_open: true,
  suggestion: "wrong_person",
  handled_at: null,
  handled_by: null,
  handled_as: null,
};

function open(filter: InboundFilter = {}, opened?: string, part: { mails?: object[]; texts?: object[] } = {}) {
  const sent = fakeApi({
    "GET /v1/me": { id: "u1", name: "Giulia", role: "owner", scopes: ["*"] },
    "GET /v1/inbound-mails": page(part.mails ?? [mail]),
    "GET /v1/inbound-mails/m1": { ...mail, text: "Togliete il mio indirizzo", guess: { message_id: "x1", customer_id: "c1", customer_name: "Marta Bellini" } },
    "PUT /v1/inbound-mails/m1/handling": { ...mail, is_open: false, text: null, guess: null },
    "GET /v1/inbound-texts": page(part.texts ?? [text]),
    "PUT /v1/inbound-texts/t1/handling": { ...text, is_open: false },
  });
  renderScreen(<InboundPage filter={filter} onFilter={() => undefined} opened={opened} onClose={() => undefined} />);
  return sent;
}

describe("what came back", () => {
  it("shows first what waits for a person, by either way", async () => {
    const sent = open();

    expect(await screen.findByText("2 messaggi aspettano una persona")).toBeInTheDocument();
    expect(sent.find(({ path }) => path === "/v1/inbound-mails")?.query.get("is_open")).toBe("true");
  });

  it("says when nobody waits", async () => {
    open({}, undefined, { mails: [], texts: [] });

    expect(await screen.findByRole("heading", { level: 1, name: "Nessuno aspetta una risposta" })).toBeInTheDocument();
  });

  it("lets a person say what a mail is and whose, with a guess that is never taken for granted", async () => {
    const sent = open({}, "m1");

    const drawer = await screen.findByRole("dialog");
    expect(await within(drawer).findByText("Togliete il mio indirizzo")).toBeInTheDocument();
    const record = await within(drawer).findByRole("button", { name: "Registra" });
    await userEvent.click(within(drawer).getByRole("radio", { name: /Una risposta/ }));
    expect(record).toBeDisabled();
    await userEvent.click(within(drawer).getByRole("button", { name: "Sì, è sua" }));
    await userEvent.click(record);

    expect(await screen.findByText("Registrato")).toBeInTheDocument();
    expect(sent.find(({ method }) => method === "PUT")?.body).toEqual({ outcome: "reply", customer_id: "c1" });
  });

  it("lets a person read a text, with what it most likely means in front", async () => {
    const sent = open({ by: "texts" }, "t1");

    const wrong = await screen.findByRole("button", { name: "Non è il suo numero" });
    expect(wrong).toHaveAttribute("data-variant", "filled");
    await userEvent.click(wrong);

    expect(sent.find(({ method }) => method === "PUT")?.body).toEqual({ outcome: "wrong_person" });
  });
});

const blames = ["hard", "soft", "ours", null] as const;
const shapes = mailKinds.flatMap((kind) => (kind === "bounce" ? [...blames] : [null]).map((blame) => ({ kind, blame })));

it.each(shapes.map(doneFor))("%s has words for what happened by itself", (key) => {
  for (const dictionary of [italian, english]) {
    expect((dictionary.done as Record<string, string>)[key.replace("done.", "")]).toBeTruthy();
  }
});
