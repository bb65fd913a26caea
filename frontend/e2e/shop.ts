/** What a till and a web shop would have pushed before the story begins: thirty people who buy coffee, twenty of whom agreed to hear from us. */
import { type APIRequestContext, expect, request } from "@playwright/test";
import { owner } from "./playwright.config";

const people = 30;
const agreed = 20;
const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
const key = (number: number) => ({ source: "shop", external_id: `c${number}` });

const familyNames =
  "Bellini Greco Ferraro Colombo Sanna Neri Moretti Bruni Conti Ricci Marino Costa Giordano Mancini Lombardi Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Vitale Serra Coppola".split(
    " ",
  );

export default async function openShop(): Promise<void> {
  const api = await request.newContext({
    baseURL: `http://127.0.0.1:${process.env.RITORNO_E2E_PORT}`,
    extraHTTPHeaders: { "X-Ritorno": "1" },
  });
  await send(api, "post", "/v1/sessions", owner);
  await send(api, "patch", "/v1/business", { name: "Bottega", address: "Via Roma 1, 40121 Bologna", phone: "051 123" });
  await send(api, "post", "/v1/customers/batch", { items: numbers(people).map(customer) });
  await send(api, "post", "/v1/transactions/batch", { items: numbers(people).flatMap(visits) });
  await agree(api);
  await send(api, "post", "/v1/segments", {
    name: "Chi prende il caffè",
    tree: { all: [{ field: "last_purchase_days", op: "at_most", value: 60 }] },
  });
  await api.dispose();
}

async function send(api: APIRequestContext, method: "post" | "patch" | "put", path: string, data: object) {
  const response = await api[method](path, { data });
  expect(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`).toBe(true);
  return response.json().catch(() => null);
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

function customer(number: number) {
  return { ...key(number), given_name: "Anna", family_name: familyNames[number], email: `cliente${number}@example.com`, cards: [], birth_on: "1984-05-12" };
}

function visits(number: number) {
  return numbers(5).map((visit) => ({
    source: "shop",
    external_id: `o${number}-${visit}`,
    occurred_at: ago(9 * visit + 7),
    customer: key(number),
    channel: "store",
    lines: [{ sku: "CAF", name: "Caffè in grani", category: "Caffè", quantity: "1", total: "8.90" }],
  }));
}

/** A signed form each, and an address that once answered: what the gate asks before an offer by email. */
async function agree(api: APIRequestContext): Promise<void> {
  const notices = (await (await api.get("/v1/notices")).json()) as { items: { purpose: string; current_version: { id: string } }[] };
  const version = (purpose: string) => notices.items.find((notice) => notice.purpose === purpose)?.current_version.id;
  // What staff enter from paper is proved by a scan that is kept here, not by a hash from elsewhere.
  const sheet = { name: "sheet.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n% a signed sheet\n%%EOF\n") };
  const scan = await api.post("/v1/evidence", { multipart: { file: sheet } });
  expect(scan.ok(), await scan.text()).toBe(true);
  const { sha256 } = (await scan.json()) as { sha256: string };
  const items = numbers(agreed).flatMap((number) =>
    (
      [
        ["MKT_OWN", "EMAIL"],
        ["PROFILING", null],
      ] as const
    ).map(([purpose, channel]) => ({
      ...key(number),
      purpose,
      channel,
      action: "GRANT",
      // A yes cannot be older than the text it was given to, and this shop opened a minute ago.
      occurred_at: ago(0),
      method: "POS_PAPER",
      notice_version_id: version(purpose),
      evidence: [{ type: "scan", sha256 }],
    })),
  );
  const recorded = (await send(api, "post", "/v1/consents/batch", { items })) as { counts: Record<string, number> };
  expect(recorded.counts, JSON.stringify(recorded)).toEqual({ created: items.length });
  for (const number of numbers(agreed)) {
    const found = (await send(api, "post", "/v1/customers/lookups", { email: `cliente${number}@example.com` })) as { items: { id: string }[] };
    const card = (await (await api.get(`/v1/customers/${found.items[0]?.id}`)).json()) as { contact_points: { id: string }[] };
    await send(api, "put", `/v1/contact-points/${card.contact_points[0]?.id}/level`, {
      level: "CONFIRMED",
      evidence: { note: "asked at the counter" },
    });
  }
}
