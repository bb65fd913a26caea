import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { me } from "@/testing/people";
import { fakeApi, renderScreen } from "@/testing/render";
import { CardQualityPanel } from "./card-quality-panel";
import { QualityPage } from "./quality-page";
import { tenths } from "./words";

const count = (measure: Schemas["Measure"], number: number, change: Partial<Schemas["ListFilter"]> = {}): Schemas["CountRead"] => ({
  measure,
  count: number,
  share: number / 100,
  filter: { quality: [measure], store_id: null, source: null, ...change },
});

type Field = Schemas["QualityRead"]["fields"][number];
const field = (name: Field["field"], rank: Field["rank"], filled: number, missing: Schemas["CountRead"]): Field => ({
  field: name,
  part: "contacts",
  rank,
  filled,
  of: 100,
  share: filled / 100,
  missing,
});

const email = field("email", "essential", 71, count("missing_email", 29));

const quality: Schemas["QualityRead"] = {
  cards: 100,
  mean_score: 62,
  fields: [field("gender", "extra", 20, count("missing_gender", 80)), email],
  as_of: "2026-11-24T09:00:00Z",
  distribution: [count("score_below_40", 12)],
  bounced: count("bounced", 3),
  unconfirmed: count("unconfirmed", 40),
  stale: count("stale", 55),
  never_updated: count("never_updated", 9),
  probable_duplicates: 4,
  stores: [{ cards: 60, mean_score: 70, fields: [{ ...email, missing: count("missing_email", 8, { store_id: "s1" }) }], store_id: "s1", name: "Centro" }],
  sources: [],
  trend: [],
  sweep: null,
};

it("opens with a sentence of numbers, and every number leads to its list", async () => {
  fakeApi({ "GET /v1/me": me, "GET /v1/quality": quality });
  renderScreen(<QualityPage />);
  expect(await screen.findByRole("heading", { level: 1, name: "7 schede su 10 hanno un’email che funziona" })).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Senza un’email che funziona: 29. Apri l’elenco" })).toHaveAttribute("href", "/customers?quality=missing_email");
  expect(screen.getByRole("link", { name: "Senza un’email che funziona: 8. Apri l’elenco" })).toHaveAttribute("href", "/customers?quality=missing_email&store_id=s1");
  expect(screen.getByRole("link", { name: "4" })).toHaveAttribute("href", "/customers/duplicates");
  expect(screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.textContent)).toEqual(["Essenziale", "In più"]);
});

it("never says all when one is missing, nor none when one is there", () => {
  expect([tenths(100, 100), tenths(99, 100), tenths(71, 100), tenths(1, 100), tenths(0, 100)].map((each) => each.key)).toEqual([
    "all",
    "almost_all",
    "tenths",
    "few",
    "none",
  ]);
});

it("lets the owner say what matters", async () => {
  const ranks = { email: "essential", gender: "extra" };
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/quality": quality, "GET /v1/quality/ranks": { ranks, sweep: null }, "PUT /v1/quality/ranks": { ranks, sweep: null } });
  renderScreen(<QualityPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Che cosa conta" }));
  const form = await screen.findByRole("dialog");
  const gender = await within(form).findByRole("radiogroup", { name: "Genere" });
  await userEvent.click(within(gender).getByRole("radio", { name: "Non serve" }));
  await userEvent.click(within(form).getByRole("button", { name: "Salva" }));
  expect(sent.find((each) => each.method === "PUT")?.body).toEqual({ ranks: { email: "essential", gender: "unused" } });
});

const card: Schemas["CardQualityRead"] = {
  customer_id: "c1",
  is_counted: true,
  score: 54,
  parts: [{ part: "contacts", score: 40, gaps: [{ field: "email", rank: "essential", why: "bounced" }, { field: "address", rank: "useful", why: "missing" }] }],
  confirmed_on: null,
  next_question: { field: "email", rank: "essential", why: "bounced" },
};

it("says on the card the one thing worth asking, and takes the customer's confirmation", async () => {
  const today = new Date().toLocaleDateString("en-CA", { timeZone: "Europe/Rome" });
  fakeApi({
    "GET /v1/me": me,
    "GET /v1/customers/c1/quality": card,
    "POST /v1/customers/c1/confirmations": { ...card, score: 70, confirmed_on: today, next_question: null },
  });
  renderScreen(<CardQualityPanel customerId="c1" isFrozen={false} />);
  expect(await screen.findByText("Chiedere un’email che funzioni.")).toBeInTheDocument();
  expect(screen.getByText("Quello sulla scheda non esiste più.")).toBeInTheDocument();
  expect(screen.getByText("Manca: indirizzo.")).toBeInTheDocument();
  await userEvent.click(await screen.findByRole("button", { name: "Confermato con il cliente" }));
  expect(await screen.findByText("Confermati con il cliente: oggi.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Confermato con il cliente" })).not.toBeInTheDocument();
});
