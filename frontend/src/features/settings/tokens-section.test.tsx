import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeApi, page, renderScreen } from "@/testing/render";
import { TokensSection } from "./tokens-section";

const token = {
  id: "k1",
  name: "Cassa",
  prefix: "rit_ab",
  scopes: ["transactions:write"],
  created_by: "Giulia",
  created_at: "2026-11-20T09:00:00Z",
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
};

describe("keys", () => {
  it("are shown in full once, when they are made", async () => {
    const sent = fakeApi({ "GET /v1/tokens": page([]), "POST /v1/tokens": { ...token, token: "rit_secret_secret" } });
    renderScreen(<TokensSection />);

    await userEvent.click(await screen.findByRole("button", { name: "Nuova chiave" }));
    await userEvent.type(await screen.findByLabelText("A che cosa serve"), "Cassa");
    await userEvent.click(screen.getByRole("checkbox", { name: "Acquisti: scrivere" }));
    await userEvent.click(screen.getByRole("button", { name: "Crea la chiave" }));

    expect(await screen.findByText("rit_secret_secret")).toBeInTheDocument();
    expect(sent.find(({ method }) => method === "POST")?.body).toEqual({ name: "Cassa", scopes: ["transactions:write"] });

    await userEvent.click(screen.getByRole("button", { name: "L'ho copiata" }));
    expect(screen.queryByText("rit_secret_secret")).not.toBeInTheDocument();
  });

  it("say that nobody used them yet, and ask before they are taken away", async () => {
    const sent = fakeApi({ "GET /v1/tokens": page([token]), "DELETE /v1/tokens/k1": null });
    renderScreen(<TokensSection />);

    expect(await screen.findByText(/Usata mai/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Revoca" }));
    expect(sent.some(({ method }) => method === "DELETE")).toBe(false);
    await userEvent.click((await screen.findAllByRole("button", { name: "Revoca" })).at(-1)!);

    expect(sent.some(({ method }) => method === "DELETE")).toBe(true);
  });
});
