/** UX task 7: a file of 200 rows, five of them bad, comes in after a rehearsal, and all of it is taken back. */
import { readFile } from "node:fs/promises";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { owner } from "./playwright.config";

const rows = 200;
const header = "COD_CLI;COGNOME;NOME;DATA_NASC;EMAIL;TEL_CELL;CONSENSO_EMAIL";
/** What is wrong with a row, by its place. */
const bad: Record<number, Partial<Row>> = { 12: { born: "31/02/1980" }, 48: { email: "non ce l'ha" }, 77: { phone: "12" }, 130: { born: "13/13/1971" }, 188: { email: "@@" } };
type Row = { born: string; email: string; phone: string };

function line(number: number): string {
  const good: Row = { born: `${String((number % 28) + 1).padStart(2, "0")}/04/1980`, email: `arrivo${number}@example.com`, phone: `3331${String(200_000 + number)}` };
  const { born, email, phone } = { ...good, ...bad[number] };
  return [`A${number}`, "Bassani", `Ada ${number}`, born, email, phone, number % 2 ? "SI" : "NO"].join(";");
}

const file = { name: "clienti-vecchi.csv", mimeType: "text/csv", buffer: Buffer.from([header, ...Array.from({ length: rows }, (_, number) => line(number))].join("\r\n"), "latin1") };

test("a file is tried, applied and taken back, with its rejected rows in hand", async ({ page }) => {
  await signIn(page);
  await page.getByRole("navigation", { name: "Luoghi" }).getByRole("link", { name: "Clienti", exact: true }).click();
  const before = await cards(page);
  await page.getByRole("navigation", { name: "Luoghi" }).getByRole("link", { name: "Importazioni" }).click();
  await page.getByLabel("Un file da importare").setInputFiles(file);
  await expect(page.getByRole("heading", { level: 1, name: file.name })).toBeVisible();

  let interactions = 0;
  const press = async (target: Locator) => {
    interactions += 1;
    await target.click();
  };

  await press(page.getByRole("link", { name: "Avanti: le colonne" }));
  // Two dates of two hundred follow no format, so that none fits them all and a person declares it.
  interactions += 1;
  await page.getByLabel("Formato della data di «DATA_NASC»").selectOption("DD/MM/YYYY");
  await press(page.getByRole("button", { name: "Prova senza cambiare niente" }));

  await expect(page.getByText("Di 200 righe, 195 cambierebbero qualcosa.")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("[data-outcome=rejected] b").first()).toHaveText("5");
  await expect(page.getByText("Questo giorno non esiste").first()).toBeVisible();
  await expect(page.getByText(/sì restano «Manca la prova»/)).toBeVisible();

  await press(page.getByRole("link", { name: "Avanti: applica" }));
  await press(page.getByRole("button", { name: "Importa 195 righe" }));
  await press(page.getByRole("dialog").getByRole("button", { name: "Importa 195 righe" }));
  await expect(page.getByText("Importate 195 righe.")).toBeVisible({ timeout: 60_000 });
  expect(await elsewhere(page, cards)).toBe(before + 195);

  const download = page.waitForEvent("download");
  await press(page.getByRole("link", { name: "Scarica le rifiutate" }));
  const rejected = await readFile(await (await download).path(), "utf8");
  expect(rejected.trim().split("\r\n")).toHaveLength(6);
  expect(rejected).toContain("31/02/1980");

  await press(page.getByRole("button", { name: "Annulla tutto" }));
  await press(page.getByRole("dialog").getByRole("button", { name: "Annulla tutto" }));
  await expect(page.getByText("Importazione annullata.")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("[data-undone=removed] b")).toHaveText("195");
  expect(await elsewhere(page, cards)).toBe(before);
  expect(interactions).toBeLessThanOrEqual(9);
});

async function signIn(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Entra" }).click();
  await expect(page.getByRole("navigation", { name: "Luoghi" })).toBeVisible();
}

/** How many cards there are, as the list's own heading says. */
async function cards(page: Page): Promise<number> {
  await page.goto("/customers");
  const total = page.getByText(/^[\d.]+ in tutto$/);
  await expect(total).toBeVisible();
  return Number(((await total.textContent()) ?? "").replace(/\D/g, ""));
}

/** Looks at something in another tab, as somebody would, and leaves this page where it is. */
async function elsewhere<T>(page: Page, look: (page: Page) => Promise<T>): Promise<T> {
  const tab = await page.context().newPage();
  try {
    return await look(tab);
  } finally {
    await tab.close();
  }
}
