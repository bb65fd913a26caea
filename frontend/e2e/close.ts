import { rmSync } from "node:fs";

/** The shop was invented for this run: nothing of it stays. */
export default function close(): void {
  const folder = process.env.RITORNO_E2E_FOLDER;
  if (folder?.includes("ritorno-e2e-")) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
