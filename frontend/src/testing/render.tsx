/** `renderScreen(<CustomerList …/>)` with everything a screen stands on; `fakeApi` answers by method and path. */
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { vi } from "vitest";
import { FormatsProvider } from "@/lib/formats";
import { cssVariablesResolver, theme } from "@/lib/theme";

type Answer = unknown | ((request: { url: URL; body: unknown; headers: Headers }) => unknown | Response | Promise<unknown>);
export type Sent = { method: string; path: string; query: URLSearchParams; body: unknown; headers: Headers };

/** Answers `"GET /v1/me"` and the like; `*` in a path stands for one segment. Returns what was sent, in order. */
export function fakeApi(answers: Record<string, Answer>): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (input: Request) => {
    const url = new URL(input.url);
    const text = input.method === "GET" ? "" : await input.text();
    const body: unknown = text ? JSON.parse(text) : null;
    sent.push({ method: input.method, path: url.pathname, query: url.searchParams, body, headers: input.headers });
    const key = Object.keys(answers).find((pattern) => matches(pattern, input.method, url.pathname));
    if (key === undefined) return refusal(404, "not-found", `No fake answer for ${input.method} ${url.pathname}`);
    const given = answers[key];
    const value = typeof given === "function" ? await given({ url, body, headers: input.headers }) : given;
    if (value instanceof Response) return value;
    return value === null ? new Response(null, { status: 204 }) : Response.json(value);
  });
  return sent;
}

function matches(pattern: string, method: string, path: string): boolean {
  const [wantedMethod, wantedPath = ""] = pattern.split(" ");
  return wantedMethod === method && new RegExp(`^${wantedPath.replaceAll("*", "[^/]+")}$`).test(path);
}

export function refusal(status: number, code: string, title: string, extra: object = {}): Response {
  return Response.json({ type: `/docs/problems#${code}`, status, code, title, detail: null, ...extra }, { status });
}

export function page<T>(items: T[], extra: object = {}) {
  return { items, next_cursor: null, prev_cursor: null, total: items.length, total_is_capped: false, ...extra };
}

export function renderScreen(element: ReactElement, { at = "/" }: { at?: string } = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  const root = createRootRoute();
  const here = createRoute({ getParentRoute: () => root, path: "/$", component: () => element });
  const router = createRouter({ routeTree: root.addChildren([here]), history: createMemoryHistory({ initialEntries: [at] }) });
  const view = render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
      <FormatsProvider timezone="Europe/Rome">
        <QueryClientProvider client={client}>
          <Notifications />
          <RouterProvider router={router as never} />
        </QueryClientProvider>
      </FormatsProvider>
    </MantineProvider>,
  );
  return { ...view, client, router };
}
