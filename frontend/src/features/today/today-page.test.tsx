import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { dueList, duePerson, me, saidNo } from "@/testing/people";
import { fakeApi, refusal, renderScreen } from "@/testing/render";
import { TodayPage } from "./today-page";

const desk = { on: "2026-11-21", runs: [], open_tasks: 0, customers: 10, first_customer_on: null };

function open(answers: Record<string, unknown>) {
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/desk/today": desk, ...answers });
  const onWrite = vi.fn();
  const onWriteAll = vi.fn();
  renderScreen(<TodayPage tasks={null} onWrite={onWrite} onWriteAll={onWriteAll} />);
  return { sent, onWrite, onWriteAll };
}

it("opens with how many wait, and what the gate says of them", async () => {
  open({
    "GET /v1/recalls/due": dueList([duePerson(), duePerson({ customer_id: "c2", full_name: "Elena Sanna", permission: saidNo, action: "counter" })]),
  });
  expect(await screen.findByRole("heading", { level: 1, name: "Oggi 2 persone aspettano un segno." })).toBeInTheDocument();
  expect(screen.getByText("Possiamo scrivere a 1. 1 ha detto di no.")).toBeInTheDocument();
});

it("offers to write only to whom the gate allows", async () => {
  const { onWrite } = open({
    "GET /v1/recalls/due": dueList([duePerson(), duePerson({ customer_id: "c2", full_name: "Elena Sanna", permission: saidNo, action: "counter" })]),
  });
  const write = await screen.findAllByRole("button", { name: "Scrivi" });
  expect(write).toHaveLength(1);
  await userEvent.click(write[0] as HTMLElement);
  expect(onWrite).toHaveBeenCalledWith(expect.objectContaining({ customer_id: "c1" }));
  expect(screen.getByRole("link", { name: "Al banco" })).toHaveAttribute("href", "/customers/c2");
});

it("opens the card instead where the role may not write", async () => {
  open({ "GET /v1/me": { ...me, scopes: ["recalls:read", "customers:write"] }, "GET /v1/recalls/due": dueList([duePerson()]) });
  expect(await screen.findByRole("link", { name: "Apri" })).toHaveAttribute("href", "/customers/c1");
  expect(screen.queryByRole("button", { name: /Scrivi/ })).not.toBeInTheDocument();
});

it("puts somebody off without asking twice", async () => {
  const { sent } = open({ "GET /v1/recalls/due": dueList([duePerson()]), "POST /v1/recalls/due/dismissals": null });
  await userEvent.click(await screen.findByRole("button", { name: "Non ora: Marta Bellini" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Tra una settimana" }));
  expect(sent.find((each) => each.method === "POST")?.body).toEqual({
    customer_id: "c1",
    recall_id: "r1",
    until: "2026-11-28",
    never: false,
  });
});

it("says when the next people are expected on a quiet day", async () => {
  open({ "GET /v1/recalls/due": dueList([], { next_days: [{ on: "2026-12-15", count: 4 }] }) });
  expect(await screen.findByText("Oggi nessuno è in ritardo. I prossimi sono 15 dic.")).toBeInTheDocument();
});

it("lets one panel fail while the others live on", async () => {
  open({ "GET /v1/recalls/due": () => refusal(500, "unexpected", "Guasto") });
  expect(await screen.findByText("Non si è caricato. I dati sono al sicuro.")).toBeInTheDocument();
  expect(await screen.findByText("È partito da solo")).toBeInTheDocument();
});
