/** Done when 2: the main job from sign-in to results, as somebody does it. */
import { expect, test, type Page } from "@playwright/test";
import { owner } from "./playwright.config";

test("a shop writes to its customers, one of them says no, and the results are told", async ({ page, request }) => {
  await signIn(page);
  await findACustomer(page);
  await launchACampaign(page);
  const person = await readOneMail(page, async (link) => {
    const answer = await request.post(link, { form: { "List-Unsubscribe": "One-Click" } });
    expect(answer.status()).toBe(200);
  });
  await seeTheRefusal(page, person);
  await seeTheResults(page);
});

async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole("navigation", { name: "Luoghi" }).getByRole("link", { name: place, exact: true }).click();
}

async function signIn(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Entra" }).click();
  await expect(page.getByRole("navigation", { name: "Luoghi" })).toBeVisible();
}

async function findACustomer(page: Page): Promise<void> {
  await page.keyboard.press("/");
  await page.getByRole("dialog").getByPlaceholder("Nome, tessera, telefono, email o un luogo").fill("ferraro");
  await page.getByRole("dialog").getByText("Anna Ferraro").click();
  await expect(page.getByRole("heading", { level: 1, name: "Anna Ferraro" })).toBeVisible();
  await expect(page.getByText("Si può scrivere?").first()).toBeVisible();
}

async function launchACampaign(page: Page): Promise<void> {
  await goTo(page, "Campagne");
  await page.getByRole("link", { name: "Nuova campagna" }).click();
  await page.getByLabel("Nome della campagna").fill("Il caffè di novembre");
  await page.getByRole("button", { name: "Crea la bozza" }).click();

  await page.getByRole("radio", { name: /Chi prende il caffè/ }).click();
  await page.getByRole("link", { name: "Avanti: il messaggio" }).click();
  await page.getByRole("radio", { name: /Novità del mese/ }).click();
  await page.getByRole("link", { name: "Avanti: la prova" }).click();

  await page.getByRole("button", { name: "Prova senza inviare" }).click();
  await expect(page.getByText(/Di 30 persone nel segmento/)).toBeVisible();
  await expect(page.getByText("Non l’abbiamo mai chiesto").first()).toBeVisible();
  await expect(page.getByText("Con persone vere")).toBeVisible();

  await page.getByRole("link", { name: "Avanti: approva" }).click();
  await page.getByRole("button", { name: /Approva e invia a \d+/ }).click();
  await expect(page.getByRole("timer")).toContainText(/Parte tra \d+ second/);
  await expect(page.getByRole("button", { name: "Ferma" })).toBeVisible();
  await page.getByRole("button", { name: "Parti senza aspettare" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Invia a \d+ person/ }).click();

  await expect(page.getByRole("status").filter({ hasText: /Conclusa: \d+ messaggi inviati/ })).toBeVisible({ timeout: 60_000 });
}

/** Opens one sent message as its reader would see it, and hands its unsubscribe link to whoever presses it. */
async function readOneMail(page: Page, press: (link: string) => Promise<void>): Promise<string> {
  await goTo(page, "Messaggi");
  await expect(page.getByText("Qui nulla esce: i messaggi restano in questa pagina.")).toBeVisible();
  await page.getByRole("group", { name: "Esito" }).getByRole("button", { name: /Inviato/ }).click();
  const rows = page.getByRole("row").filter({ hasText: "Il caffè di novembre" });
  // The list before the filter stays until the new one has come.
  await expect(rows.filter({ hasNotText: "Inviato" })).toHaveCount(0);
  const row = rows.first();
  const person = (await row.getByRole("link").first().textContent()) ?? "";
  await row.getByRole("link").first().click();

  const drawer = page.getByRole("dialog");
  await expect(drawer.frameLocator("iframe").getByText(/Bottega/).first()).toBeVisible();
  const link = await drawer.locator("[data-unsubscribe]").getAttribute("href");
  expect(link).toContain("/u/");
  await press(link ?? "");
  await drawer.getByRole("link", { name: "Apri la scheda" }).click();
  return person;
}

async function seeTheRefusal(page: Page, person: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: new RegExp(person) })).toBeVisible();
  const offers = page.getByRole("row").filter({ hasText: "Offerte nostre" });
  await expect(offers.getByText("Ha detto no").first()).toBeVisible();
  await offers.getByRole("button").first().click();
  await expect(page.getByText(/Ha ritirato il consenso/).first()).toBeVisible();
  await page.keyboard.press("Escape");
}

async function seeTheResults(page: Page): Promise<void> {
  await goTo(page, "Risultati");
  await page.getByRole("link", { name: "Il caffè di novembre" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Il caffè di novembre" })).toBeVisible();
  // While the measure is open nothing is judged.
  await expect(page.locator("[data-verdict]")).toContainText("Non si può ancora dire");
  await expect(page.getByRole("heading", { name: "I due gruppi" })).toBeVisible();
}
