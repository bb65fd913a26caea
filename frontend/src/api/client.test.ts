import { afterEach, expect, it, vi } from "vitest";
import { fakeApi, refusal } from "@/testing/render";
import { answer, api, onSignedOut, onStepUpWanted } from "./client";
import { Problem } from "./problem";

afterEach(() => vi.unstubAllGlobals());

it("marks every change as coming from these pages, and no read", async () => {
  const sent = fakeApi({ "GET /v1/me": {}, "DELETE /v1/sessions/current": null });
  await api.GET("/v1/me");
  await api.DELETE("/v1/sessions/current");
  expect(sent.map((each) => each.headers.get("X-Ritorno"))).toEqual([null, "1"]);
});

it("throws what the API refused, field by field", async () => {
  fakeApi({
    "POST /v1/customers": refusal(422, "invalid", "Something is wrong", {
      errors: [{ path: "phone", code: "BAD_PHONE", message: "Numero non valido" }],
      request_id: "r-1",
    }),
  });
  const refused = await answer(api.POST("/v1/customers", { body: {} })).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 422, code: "invalid", requestId: "r-1", errors: [{ path: "phone" }] });
});

it("turns a silent server into a problem that says so", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  const refused = await answer(api.GET("/v1/me")).catch((error: unknown) => error);
  expect(refused).toMatchObject({ isOffline: true });
});

it("tells the shell when the session is lost, and stays quiet about a wrong password", async () => {
  const lost = vi.fn();
  const stop = onSignedOut(lost);
  fakeApi({
    "GET /v1/me": () => refusal(401, "not-signed-in", "Sign in"),
    "POST /v1/sessions": () => refusal(401, "sign-in-failed", "No"),
  });
  await answer(api.POST("/v1/sessions", { body: { email: "a@example.it", password: "x" } })).catch(() => undefined);
  expect(lost).not.toHaveBeenCalled();
  await answer(api.GET("/v1/me")).catch(() => undefined);
  expect(lost).toHaveBeenCalledOnce();
  stop();
});

it("asks for fresh proof once and sends the same request again", async () => {
  let isProven = false;
  const sent = fakeApi({
    "POST /v1/tokens": () => (isProven ? { token: "rit_x" } : refusal(403, "step-up-required", "Confirm")),
  });
  const stop = onStepUpWanted(() => {
    isProven = true;
    return Promise.resolve(true);
  });
  await answer(api.POST("/v1/tokens", { body: { name: "till", scopes: ["customers:read"] } }));
  expect(sent.map((each) => each.body)).toEqual([
    { name: "till", scopes: ["customers:read"] },
    { name: "till", scopes: ["customers:read"] },
  ]);
  stop();
});
