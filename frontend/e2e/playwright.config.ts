/**
 * The few journeys that must never break, in a real Chromium against a real, whole installation.
 *
 * `ritorno up` starts its own PostgreSQL and Valkey in a throwaway folder and serves the built screens on a free port; `shop.ts` then
 * pushes what a till would have pushed. `CHROMIUM` names another browser, `RITORNO` another program.
 */
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

const root = join(import.meta.dirname, "..", "..");

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

// The configuration is read again by every worker process: the first reading decides, the others inherit.
process.env.RITORNO_E2E_PORT ??= String(await freePort());
process.env.RITORNO_E2E_FOLDER ??= mkdtempSync(join(tmpdir(), "ritorno-e2e-"));
const port = process.env.RITORNO_E2E_PORT;
const baseURL = `http://127.0.0.1:${port}`;

export const owner = { email: "owner@example.com", password: "una frase che si ricorda" };

export default defineConfig({
  testDir: ".",
  globalSetup: "./shop.ts",
  globalTeardown: "./close.ts",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  outputDir: "../test-results",
  use: {
    baseURL,
    locale: "it-IT",
    timezoneId: "Europe/Rome",
    viewport: { width: 1280, height: 800 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `${process.env.RITORNO || join(root, ".venv", "bin", "ritorno")} up`,
    cwd: root,
    url: `${baseURL}/readyz`,
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGINT", timeout: 20_000 },
    stdout: "ignore",
    stderr: "pipe",
    env: {
      ...process.env,
      RITORNO_DATA_DIR: process.env.RITORNO_E2E_FOLDER,
      RITORNO_PORT: port,
      RITORNO_PUBLIC_URL: baseURL,
      RITORNO_ADMIN_EMAIL: owner.email,
      RITORNO_ADMIN_PASSWORD: owner.password,
    },
  },
});
