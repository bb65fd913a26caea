/** Two cards of one person become one and two again (UX §6, task 8), as somebody does it. */
import { expect, test, type APIRequestContext, type Page } from "@playwright/test";
import { owner } from "./playwright.config";

const day = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * day).toISOString();
const shared = { birth_on: "1986-03-02", phone: "+393331234567" };

test("two cards of one person are merged with the stricter permission, and separated again", async ({ page, request }) => {
  const [kept, other] = await twoCards(request);
  await signIn(page);
  const interactions = counted(page);

  await page.goto(await compareScreen(request, kept, other));
  await expect(page.getByRole("heading", { level: 1, name: /la stessa persona/ })).toBeVisible();
  const sms = page.getByRole("row").filter({ hasText: "Offerte nostre" }).filter({ hasText: "SMS" });
  await expect(sms.getByText("vince il più stretto")).toBeVisible();
  await expect(sms.getByRole("cell").last()).toContainText("Ha detto no");
  const worth = page.getByRole("row").filter({ hasText: "Visite e spesa" });
  await expect(worth.getByRole("cell").last()).toHaveText("3 visite · 37,00 €");

  await interactions.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("3 visite e 37,00 € in tutto");
  await interactions.press("Control+Enter");
  await expect(page.getByText("Schede unite.").first()).toBeVisible();

  await page.goto(`/customers/${other}`);
  await expect(page).toHaveURL(new RegExp(`/customers/${kept}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Marta Bellini" })).toBeVisible();
  await expect(page.getByText("37,00 €").first()).toBeVisible();
  const offers = page.getByRole("row").filter({ hasText: "Offerte nostre" });
  await expect(offers.getByRole("button", { name: /^SMS, Offerte nostre: Ha detto no/ })).toBeVisible();

  await interactions.click(page.getByRole("button", { name: "Separa di nuovo" }));
  await interactions.click(page.getByRole("dialog").getByRole("button", { name: "Separa le schede" }));
  await expect(page.getByRole("dialog").getByText(/è di nuovo a sé/)).toBeVisible();
  expect(interactions.count()).toBeLessThanOrEqual(5);

  await page.getByRole("dialog").getByRole("link", { name: "Apri l’altra scheda" }).click();
  await expect(page).toHaveURL(new RegExp(`/customers/${other}$`));
  await expect(page.getByText("12,00 €").first()).toBeVisible();
  await page.goto(`/customers/${kept}`);
  await expect(page.getByText("25,00 €").first()).toBeVisible();
});

/** The pair from the queue where the search found it, else the two put side by side by hand. */
async function compareScreen(api: APIRequestContext, kept: string, other: string): Promise<string> {
  const job = (await (await api.post("/v1/duplicates/searches", inApp)).json()) as { id: string };
  const isOver = async () => {
    const { items } = (await (await api.get("/v1/jobs?limit=50")).json()) as { items: { id: string; state: string }[] };
    return items.find((each) => each.id === job.id)?.state !== "running";
  };
  await expect.poll(isOver, { timeout: 60_000 }).toBe(true);
  const pairs = (await (await api.get(`/v1/customers/${kept}/duplicates`)).json()) as { id: string; low: Side; high: Side }[];
  const pair = pairs.find((each) => [each.low.customer_id, each.high.customer_id].includes(other));
  return pair ? `/customers/duplicates/${pair.id}` : `/customers/merge?a=${kept}&b=${other}`;
}

type Side = { customer_id: string };
const inApp = { headers: { "X-Ritorno": "1" } };

/** One bought twice; the other once, under a name cut short, and refused SMS. */
async function twoCards(api: APIRequestContext): Promise<[string, string]> {
  await send(api, "/v1/sessions", owner);
  const people = [
    { source: "till", external_id: "merge-1", given_name: "Marta", family_name: "Bellini", email: "marta.bellini@example.com", cards: [], ...shared },
    { source: "till", external_id: "merge-2", given_name: "Marta", family_name: "Bellini", email: "m.bellini@example.org", cards: [], ...shared },
  ];
  await send(api, "/v1/customers/batch", { items: people });
  const bought = (external_id: string, customer: string, days: number, total: string) => ({
    source: "till",
    external_id,
    occurred_at: ago(days),
    customer: { source: "till", external_id: customer },
    channel: "store",
    lines: [{ sku: "TE", name: "Tè verde", category: "Tè", quantity: "1", total }],
  });
  await send(api, "/v1/transactions/batch", {
    items: [bought("m1", "merge-1", 40, "15.00"), bought("m2", "merge-1", 8, "10.00"), bought("m3", "merge-2", 20, "12.00")],
  });
  const kept = await idOf(api, "marta.bellini@example.com");
  const other = await idOf(api, "m.bellini@example.org");
  await send(api, `/v1/customers/${other}/objections`, { scope: "channel", channel: "SMS", received_on: ago(1).slice(0, 10), method: "ORAL" });
  return [kept, other];
}

async function idOf(api: APIRequestContext, email: string): Promise<string> {
  const found = (await send(api, "/v1/customers/lookups", { email })) as { items: { id: string }[] };
  return found.items[0]?.id ?? "";
}

async function send(api: APIRequestContext, path: string, data: object): Promise<unknown> {
  const response = await api.post(path, { data, ...inApp });
  expect(response.ok(), `${path}: ${response.status()} ${await response.text()}`).toBe(true);
  return response.json().catch(() => null);
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Entra" }).click();
  await expect(page.getByRole("navigation", { name: "Luoghi" })).toBeVisible();
}

/** What the operator does once the pair is open: keys and clicks. */
function counted(page: Page) {
  let count = 0;
  return {
    count: () => count,
    press: async (key: string) => {
      count += 1;
      await page.keyboard.press(key);
    },
    click: async (target: ReturnType<Page["getByRole"]>) => {
      count += 1;
      await target.click();
    },
  };
}
