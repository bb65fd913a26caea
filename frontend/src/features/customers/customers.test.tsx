import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { allowed, saidNo } from "@/testing/people";
import { fakeApi, page, refusal, renderScreen } from "@/testing/render";
import { CustomerList } from "./customer-list";
import { NewCustomer } from "./new-customer";

const row = {
  id: "c1",
  full_name: "Marta Bellini",
  city: "Bologna",
  last_purchase_on: "2026-10-11",
  revenue_12m: { amount: "642.00", currency: "EUR" },
  visit_days: 9,
  stage: "due",
  due_on: "2026-11-14",
  likely_from: "2026-11-13",
  likely_to: "2026-11-19",
  recent_visits: ["2026-10-11"],
  email_permission: allowed,
};

function List({ onSearch = vi.fn() }: { onSearch?: (change: object) => void }) {
  const [text, setText] = useState("");
  return <CustomerList search={{}} onSearch={onSearch} text={text} onText={setText} />;
}

it("shows each person with the gate's answer and leads to the card", async () => {
  fakeApi({ "GET /v1/customers": page([row], { total: 2469 }), "GET /v1/stores": page([]) });
  renderScreen(<List />);
  expect(await screen.findByRole("link", { name: "Marta Bellini" })).toHaveAttribute("href", "/customers/c1");
  expect(screen.getByRole("button", { name: /offerte per email: Ha detto sì/ })).toBeInTheDocument();
  expect(screen.getByText("2.469")).toBeInTheDocument();
});

it("turns pages by cursor", async () => {
  const onSearch = vi.fn();
  fakeApi({ "GET /v1/customers": page([row], { next_cursor: "next-page" }), "GET /v1/stores": page([]) });
  renderScreen(<List onSearch={onSearch} />);
  await userEvent.click(await screen.findByRole("button", { name: "Successivi" }));
  expect(onSearch).toHaveBeenCalledWith({ cursor: "next-page" });
});

it("says in words which number of the quality page is behind the list, and takes it off again", async () => {
  const onSearch = vi.fn();
  const sent = fakeApi({ "GET /v1/customers": page([row]), "GET /v1/stores": page([]) });
  renderScreen(<CustomerList search={{ quality: "missing_email,stale" }} onSearch={onSearch} text="" onText={vi.fn()} />);
  expect(await screen.findByText("Senza un’email che funziona")).toBeInTheDocument();
  await waitFor(() => expect(sent.find((each) => each.path === "/v1/customers")?.query.getAll("quality")).toEqual(["missing_email", "stale"]));
  await userEvent.click(screen.getByRole("button", { name: "Togli il filtro «Senza un’email che funziona»" }));
  expect(onSearch).toHaveBeenCalledWith({ quality: "stale", cursor: undefined });
});

it("searches by what is typed, in the body and never in the address", async () => {
  const sent = fakeApi({
    "GET /v1/customers": page([row]),
    "GET /v1/stores": page([]),
    "POST /v1/customers/lookups": page([{ id: "c2", full_name: "Elena Sanna", city: null, card_end: null, phone_end: "567" }]),
    "POST /v1/contact-decisions": { at: "", items: [{ customer_id: "c2", channel: "EMAIL", ...saidNo }] },
  });
  const { router } = renderScreen(<List />);
  await userEvent.type(await screen.findByRole("textbox", { name: /Nome, tessera/ }), "sanna");
  expect(await screen.findByRole("link", { name: "Elena Sanna" })).toBeInTheDocument();
  expect(await screen.findByText("Ha detto no")).toBeInTheDocument();
  await waitFor(() => expect(sent.filter((each) => each.path.endsWith("lookups")).at(-1)?.body).toMatchObject({ q: "sanna" }));
  expect(router.state.location.href).not.toContain("sanna");
});

it("offers the new card when nobody is found", async () => {
  fakeApi({ "GET /v1/customers": page([row]), "GET /v1/stores": page([]), "POST /v1/customers/lookups": page([]) });
  renderScreen(<List />);
  await userEvent.type(await screen.findByRole("textbox", { name: /Nome, tessera/ }), "zz");
  expect(await screen.findByText("Nessuno con «zz». Creare la scheda?")).toBeInTheDocument();
});

it("puts the server's refusal on the field it is about and keeps what was written", async () => {
  const onCreated = vi.fn();
  fakeApi({
    "POST /v1/customers": () =>
      refusal(422, "invalid", "Dati", { errors: [{ path: "phone", code: "BAD_PHONE", message: "Numero non valido" }] }),
  });
  renderScreen(<NewCustomer onCreated={onCreated} />);
  await userEvent.type(await screen.findByRole("textbox", { name: "Cognome" }), "Bellini");
  await userEvent.type(screen.getByRole("textbox", { name: "Telefono" }), "12");
  await userEvent.click(screen.getByRole("button", { name: "Crea la scheda" }));
  expect(await screen.findByText("Numero non valido")).toBeInTheDocument();
  expect(screen.getByRole("textbox", { name: "Cognome" })).toHaveValue("Bellini");
  expect(onCreated).not.toHaveBeenCalled();
});

it("asks for a name before asking the server", async () => {
  const sent = fakeApi({});
  renderScreen(<NewCustomer onCreated={vi.fn()} />);
  await userEvent.click(await screen.findByRole("button", { name: "Crea la scheda" }));
  expect(await screen.findByText("Serve un nome o un cognome")).toBeInTheDocument();
  await waitFor(() => expect(sent).toHaveLength(0));
});
