/**
 * The pages a customer reaches without an account (UX §4.18): confirm an address, stop, choose, see one's data. Scripts are off: nothing
 * needs them. Each page is read by axe in both languages, light and dark, and must fit 320 px.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type APIRequestContext, type Browser, expect, type Page, test } from "@playwright/test";
import { owner } from "./playwright.config";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const inApp = { headers: { "X-Ritorno": "1" } };

const words = {
  it: {
    confirm: "Sì, confermo",
    confirmed: "Grazie, è confermato.",
    mine: "Le mie preferenze e i miei dati",
    save: "Salva le scelte",
    saved: "Salvato. Vale da subito.",
    link: "Mandatemi un collegamento",
    stop: "Non inviatemi più email",
    stopped: "Fatto. Vale da subito.",
    family: "Cognome",
    email: "Email",
    saveData: "Salva i dati",
    faults: "Controlli questi campi",
    erase: "Cancellare i miei dati",
    received: /Richiesta ricevuta/,
    offers: "Offerte e novità: Email",
    yes: "sì",
    no: "no",
  },
  en: {
    confirm: "Yes, it is mine",
    confirmed: "Thank you, that's confirmed.",
    mine: "My choices and my data",
    save: "Save my choices",
    saved: "Saved. It counts from now on.",
    link: "Send me a link",
    stop: "Don't send me any more emails",
    stopped: "Done. It counts from now on.",
    family: "Last name",
    email: "Email",
    saveData: "Save my data",
    faults: "Please check these fields",
    erase: "Erase my data",
    received: /Request received/,
    offers: "Offers and news: Email",
    yes: "yes",
    no: "no",
  },
};

test.use({ actionTimeout: 15_000 });

for (const language of ["it", "en"] as const) {
  test(`a person confirms, chooses, sees their data and stops, without script (${language})`, async ({ browser, request }) => {
    const say = words[language];
    const customer = await signUp(request, language);
    const page = await plainPage(browser);

    await page.goto(await linkIn(request, customer, "/confirm/"));
    await isAccessible(page, `confirm ${language}`);
    await page.getByRole("button", { name: say.confirm }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say.confirmed);
    await isAccessible(page, `confirmed ${language}`);

    await page.getByRole("link", { name: say.mine }).click();
    await isAccessible(page, `choices ${language}`);
    await page.getByRole("group", { name: say.offers }).getByRole("radio", { name: say.no }).check();
    await page.getByRole("button", { name: say.save }).click();
    await expect(page.getByRole("status")).toContainText(say.saved);
    await expect(page.getByRole("group", { name: say.offers }).getByRole("radio", { name: say.no })).toBeChecked();

    await page.getByRole("button", { name: say.link }).click();
    await expect(page.getByRole("status")).toBeVisible();
    await page.goto(await linkIn(request, customer, "/p/"));
    await expect(page.getByLabel(say.family)).toHaveValue("Bianchi");
    await page.getByLabel(say.email, { exact: true }).fill("anna@");
    await page.getByRole("button", { name: say.saveData }).click();
    await expect(page.getByRole("alert")).toContainText(say.faults);
    await isAccessible(page, `data ${language}`);
    await page.getByRole("button", { name: say.erase }).click();
    await expect(page.getByRole("status")).toHaveText(say.received);
    await page.emulateMedia({ media: "print" });
    await look(page, `paper ${language}`);
    await page.emulateMedia({ media: "screen" });

    await page.getByRole("group", { name: say.offers }).getByRole("radio", { name: say.yes }).check();
    await page.getByRole("button", { name: say.save }).click();
    await expect(page.getByRole("status")).toHaveText(say.saved);
    const way = await linkIn(request, customer, "/u/");
    await page.goto(way);
    await isAccessible(page, `unsubscribe ${language}`);
    await page.getByRole("button", { name: say.stop }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say.stopped);
    await page.getByRole("link").first().click();
    await expect(page.getByRole("button", { name: say.link })).toBeVisible();
    await isAccessible(page, `door ${language}`);

    await page.goto(way.replace(/.{6}$/, "AAAAAA"));
    await isAccessible(page, `lost ${language}`);
  });
}

async function plainPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 700 } });
  return context.newPage();
}

/** No violation in light and dark, and nothing wider than the narrowest screen. Axe is itself a script: it reads a copy of the page. */
async function isAccessible(page: Page, name: string): Promise<void> {
  const context = await page.context().browser()!.newContext({ viewport: page.viewportSize() });
  const copy = await context.newPage();
  for (const colorScheme of ["light", "dark"] as const) {
    await copy.emulateMedia({ colorScheme });
    await copy.setContent(await page.content());
    await copy.evaluate(axe);
    const found = await copy.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run();
      return violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" | ")}`);
    });
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
    await look(copy, `${name} ${colorScheme}`);
  }
  const isTooWide = await copy.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(isTooWide, `${name} fits 320 px`).toBe(false);
  await context.close();
  expect(new URL(page.url()).search).toBe("");
}

type Violation = { id: string; nodes: { html: string }[] };

/** A picture for whoever wants to look, where `SHOTS` names a folder. */
async function look(page: Page, name: string): Promise<void> {
  if (!process.env.SHOTS) return;
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(" ", "-")}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 320, height: 700 });
}

/** Somebody who left an address on the web shop and ticked a box there. */
async function signUp(api: APIRequestContext, language: "it" | "en"): Promise<string> {
  await send(api, "post", "/v1/sessions", owner);
  const body = { given_name: "Anna", family_name: "Bianchi", email: `anna.${language}@example.org`, phone: "+393409876543", language };
  const { id } = (await send(api, "put", `/v1/customers/shop/public-${language}`, body)) as { id: string };
  const { items } = (await (await api.get("/v1/notices")).json()) as { items: { purpose: string; current_version: { id: string } }[] };
  await send(api, "post", `/v1/customers/${id}/consents`, {
    purpose: "MKT_OWN",
    channel: "EMAIL",
    action: "GRANT",
    occurred_at: new Date().toISOString(),
    method: "WEB",
    notice_version_id: items.find((each) => each.purpose === "MKT_OWN")?.current_version.id,
  });
  return id;
}

/** The newest link of a kind in what left for this person; a message to read is written where there is none. */
async function linkIn(api: APIRequestContext, customer: string, path: string): Promise<string> {
  let found: string | undefined;
  if (path === "/u/") found = await wayOut(api, customer);
  const look = async () => {
    const { items } = (await (await api.get(`/v1/messages?customer_id=${customer}`)).json()) as { items: { id: string; status: string }[] };
    const sent = items.filter((each) => each.status === "sent" || each.status === "delivered");
    for (const each of sent) {
      const { text } = (await (await api.get(`/v1/messages/${each.id}`)).json()) as { text: string };
      const link = new RegExp(`https?://[^/]+(${path}v1[^\\s]+)`).exec(text)?.[1];
      if (link) return (found = link);
    }
    return undefined;
  };
  if (!found) await expect.poll(look, { timeout: 30_000 }).toBeTruthy();
  return found as string;
}

/** The way out of a marketing mail, to somebody who agreed to it on their own page a moment ago. */
async function wayOut(api: APIRequestContext, customer: string): Promise<string> {
  const templates = (await (await api.get("/v1/templates?limit=100")).json()) as { items: { id: string; code: string }[] };
  const newsletter = templates.items.find((each) => each.code === "newsletter")?.id;
  const message = (await send(api, "post", `/v1/customers/${customer}/messages`, { template_id: newsletter, channel: "EMAIL" })) as { id: string };
  let way: string | undefined;
  const read = async () => {
    const { unsubscribe_url } = (await (await api.get(`/v1/messages/${message.id}`)).json()) as { unsubscribe_url: string | null };
    way = unsubscribe_url?.replace(/^https?:\/\/[^/]+/, "");
    return way;
  };
  await expect.poll(read, { timeout: 30_000 }).toBeTruthy();
  return way as string;
}

async function send(api: APIRequestContext, method: "post" | "put", path: string, data: object) {
  const response = await api[method](path, { data, ...inApp });
  expect(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`).toBe(true);
  return response.json().catch(() => null);
}
