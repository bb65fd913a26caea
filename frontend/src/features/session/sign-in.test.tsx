import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { me } from "@/testing/people";
import { fakeApi, refusal, renderScreen } from "@/testing/render";
import { SignInPage } from "./sign-in-page";

const demo = { business_name: "Centro storico", language: "it", demo: { email: "giulia@example.it", password: "bentornati" } };

it("has the demo's sign-in already written", async () => {
  const sent = fakeApi({ "GET /v1/sign-in-hints": demo, "POST /v1/sessions": me });
  const onSignedIn = vi.fn();
  renderScreen(<SignInPage onSignedIn={onSignedIn} />);
  await userEvent.click(await screen.findByRole("button", { name: "Entra" }));
  expect(onSignedIn).toHaveBeenCalledWith(expect.objectContaining({ name: "Giulia Riva" }));
  expect(sent.at(-1)?.body).toEqual(demo.demo);
});

it("says one sentence for a wrong email and a wrong password alike", async () => {
  fakeApi({ "GET /v1/sign-in-hints": { ...demo, demo: null }, "POST /v1/sessions": () => refusal(401, "sign-in-failed", "No") });
  renderScreen(<SignInPage onSignedIn={vi.fn()} />);
  await userEvent.type(await screen.findByRole("textbox", { name: "Email" }), "giulia@example.it");
  await userEvent.type(screen.getByLabelText("Password"), "sbagliata");
  await userEvent.click(screen.getByRole("button", { name: "Entra" }));
  expect(await screen.findByText("Email o password non corrette.")).toBeInTheDocument();
});

it("asks for the six digits only when the person has a second factor, and sends them by itself", async () => {
  const onSignedIn = vi.fn();
  const sent = fakeApi({
    "GET /v1/sign-in-hints": demo,
    "POST /v1/sessions": ({ body }: { body: { code?: string } }) => (body.code ? me : refusal(401, "code-required", "Code")),
  });
  renderScreen(<SignInPage onSignedIn={onSignedIn} />);
  await userEvent.click(await screen.findByRole("button", { name: "Entra" }));
  await screen.findByText("Codice a 6 cifre");
  await userEvent.keyboard("123456");
  expect(sent.at(-1)?.body).toEqual({ ...demo.demo, code: "123456" });
  expect(onSignedIn).toHaveBeenCalled();
});
