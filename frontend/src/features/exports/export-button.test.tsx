import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { expect, it } from "vitest";
import { me } from "@/testing/people";
import { fakeApi, renderScreen } from "@/testing/render";
import { ExportButton } from "./export-button";

const kinds = { items: [{ kind: "customers", filters: ["city"], columns: [], scopes: ["customers:read"], may_contact: true }] };

function open(scopes: string[]) {
  const sent = fakeApi({ "GET /v1/me": { ...me, scopes }, "GET /v1/export-kinds": kinds, "POST /v1/exports": { id: "x1" } });
  renderScreen(
    <Suspense>
      <ExportButton kind="customers" filters={{ city: "Bologna" }} />
      <p>ready</p>
    </Suspense>,
  );
  return sent;
}

it("asks for a file for contacting people with its purpose, its channel and its reason", async () => {
  const sent = open(["*"]);
  await userEvent.click(await screen.findByRole("button", { name: "Esporta" }));

  await userEvent.click(await screen.findByRole("radio", { name: /Contattare le persone/ }));
  expect(screen.getByText(/Restano fuori quelli a cui non si può scrivere così/)).toBeInTheDocument();
  await userEvent.click(screen.getAllByRole("button", { name: "Esporta" }).at(-1)!);
  expect(screen.getByText("Serve un motivo, almeno tre lettere")).toBeInTheDocument();
  expect(sent.some(({ method }) => method === "POST")).toBe(false);

  await userEvent.type(screen.getByRole("textbox", { name: "Perché" }), "Inviti alla festa");
  await userEvent.click(screen.getAllByRole("button", { name: "Esporta" }).at(-1)!);

  const post = sent.find(({ method }) => method === "POST")!;
  expect(post.body).toEqual({
    kind: "customers",
    format: "csv",
    filters: { city: "Bologna" },
    use: "CONTACT",
    purpose: "MKT_OWN",
    channel: "EMAIL",
    reason: "Inviti alla festa",
  });
  expect(post.headers.get("Idempotency-Key")).toBeTruthy();
});

it("is not drawn for those who may not export", async () => {
  open(["customers:read"]);

  expect(await screen.findByText("ready")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Esporta" })).not.toBeInTheDocument();
});
