import { readFileSync } from "node:fs";
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import english from "@/lib/i18n/en/settings.json";
import italian from "@/lib/i18n/it/settings.json";
import { fakeApi, page, renderScreen } from "@/testing/render";
import { SendersSection } from "./senders-section";

const record = { name: "_dmarc.bottega.it", type: "TXT", value: "v=DMARC1; p=none" };
const sender = {
  id: "s1",
  channel: "EMAIL",
  stream: "MARKETING",
  name: "Bottega",
  address: "offerte@bottega.it",
  reply_to: null,
  is_ready: true,
  unit_cost_minor: 1,
  readiness: [{ code: "ADDRESS_VALID", ok: true, state: "ok", detail: "offerte@bottega.it", publish: null }],
  checks: [{ code: "DMARC_PUBLISHED", ok: false, state: "failed", detail: "_dmarc.bottega.it", publish: record }],
  checked_at: "2026-11-24T09:00:00Z",
  bulk_since: null,
  registered_on: null,
  max_parts: 3,
  signing_keys: [],
  version: 1,
};
const me = { id: "u1", name: "Giulia", role: "owner", scopes: ["*"], captures_messages: false, business: { name: "Bottega", currency: "EUR" } };

const open = (answers: Record<string, unknown> = {}) => {
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/senders": page([sender]), "GET /v1/deliverability": { streams: [] }, ...answers });
  renderScreen(<SendersSection />);
  return sent;
};

describe("a sender", () => {
  it("says what its domain lacks, what to publish, and that offers wait for it", async () => {
    open();

    expect(await screen.findByText("Non per le offerte")).toBeInTheDocument();
    const record = screen.getByLabelText("Record da pubblicare nel DNS");
    expect(within(record).getByText("v=DMARC1; p=none")).toBeInTheDocument();
    expect(within(record).getByRole("button", { name: "Copia: Valore" })).toBeInTheDocument();
  });

  it("gets a key made here unless the owner brings one", async () => {
    const sent = open({ "POST /v1/senders/s1/signing-key": {} });

    await userEvent.click(await screen.findByRole("button", { name: "Crea la chiave di firma" }));
    await userEvent.click(await screen.findByRole("button", { name: "Crea" }));

    expect(sent.find(({ method }) => method === "POST")?.body).toEqual({});
  });
});

describe("its conditions", () => {
  const rules = ["senders", "domain_checks"].map((name) => readFileSync(`../backend/ritorno/messaging/${name}.py`, "utf8")).join("\n");
  const told = [...rules.matchAll(/(?:\b_?[Cc]heck\(\s*|code = )"([A-Z_]+)"/g)].map(([, code = ""]) => code);
  // What the business owes as a whole is told where it is done, not at a sender.
  const ofTheBusiness = ["NOTICE_PUBLISHED", "TERMS_ACCEPTED", "SENDERS_SET", "CAPTURED"];
  const codes = [...new Set(told)].filter((code) => !ofTheBusiness.includes(code));

  it.each(codes)("%s has words and what to do", (code) => {
    for (const { senders } of [italian, english] as { senders: Record<"check" | "todo", Record<string, string>> }[]) {
      expect(senders.check[code]).toBeTruthy();
      expect(senders.todo[code]).toBeTruthy();
    }
  });
});
