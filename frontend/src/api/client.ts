/**
 * The one door to the API. Each feature's `queries.ts` is its only caller (STYLE §9).
 *
 * A query function reads `await answer(api.GET("/v1/customers/{customer_id}", { params: { path: { customer_id } } }))`: the body, or a
 * thrown `Problem`. Paths and bodies are typed by `schema.d.ts`, which `npm run types` makes from `openapi.json`.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { Problem, problemFrom } from "./problem";
import type { components, paths } from "./schema";

/** The contract's bodies by name: `Schemas["CustomerRead"]`. */
export type Schemas = components["schemas"];

type Listener = () => void;
const signedOutListeners = new Set<Listener>();
let askForStepUp: (() => Promise<boolean>) | null = null;

/** Called when a request finds no session: the shell opens the sign-in over the page, which keeps its text. */
export function onSignedOut(listener: Listener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function tellSignedOut(): void {
  signedOutListeners.forEach((tell) => tell());
}

/** Called when an act wants fresh proof of who is there (DESIGN §4): when it answers true, the same request goes out again. */
export function onStepUpWanted(ask: () => Promise<boolean>): () => void {
  askForStepUp = ask;
  return () => {
    askForStepUp = null;
  };
}

async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await globalThis.fetch(request);
  if (response.status !== 403 || !askForStepUp) return response;
  const problem = await problemFrom(response.clone());
  if (problem.code !== "step-up-required" || !(await askForStepUp())) return response;
  return globalThis.fetch(again);
}

const manners: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-Ritorno", "1");
    request.headers.set("Accept-Language", document.documentElement.lang || "it");
    return request;
  },
  async onResponse({ response, request }) {
    if (response.ok) return response;
    if (response.status === 401 && !request.url.includes("/v1/sessions")) tellSignedOut();
    throw await problemFrom(response);
  },
  onError() {
    return new Problem(0, "unreachable", "");
  },
};

export const api = createClient<paths>({
  baseUrl: typeof location === "undefined" ? "" : location.origin,
  credentials: "same-origin",
  fetch: send,
});
api.use(manners);

/** The body of an answer. Refusals were already thrown as `Problem` by the middleware above. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}

/** The body together with its ETag, for resources saved with `If-Match`. */
export async function answerWithTag<T>(call: Promise<{ data?: T; response: Response }>): Promise<{ body: T; tag: string }> {
  const { data, response } = await call;
  return { body: data as T, tag: response.headers.get("etag") ?? "" };
}
