import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { expect, it } from "vitest";
import { me } from "@/testing/people";
import { fakeApi, page, renderScreen } from "@/testing/render";
import { FormPage } from "./form-page";
import type { ConsentForm, FormVersion, Notice } from "./queries";

const version = { id: "v1", version: 1, language: "it", text: "Acconsento alle offerte.", text_sha256: "ab", offers_opt_out: true, effective_from: "2026-01-01T00:00:00Z" };
const notice: Notice = { id: "n1", code: "offers", purpose: "MKT_OWN", name: "Offerte", recipient_id: null, recipient_name: null, merchandise: null, current_version: version, versions: [version] };
const box = { name: "offerte", notice: "offers@1", channels: ["EMAIL"], is_preticked: false, is_required: false, texts: { it: version.text }, recipient_name: null, merchandise: null };

function form(purposes: string[], faults: FormVersion["faults"]): ConsentForm {
  const draft = {
    id: "d1",
    version: 1,
    name: "Banco",
    medium: "paper",
    texts: { it: { title: "I suoi consensi", introduction: "" } },
    boxes: [{ ...box, purposes }],
    faults,
    created_at: "2026-11-24T09:00:00Z",
    published_at: null,
    published_by: null,
  } as FormVersion;
  return { id: "f1", code: "banco", published: null, draft, versions: [draft] };
}

function open(shown: ConsentForm) {
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/consent-forms/f1": shown, "GET /v1/notices": page([notice]), "POST /v1/consent-forms/f1/publications": shown });
  renderScreen(
    <Suspense>
      <FormPage id="f1" />
    </Suspense>,
  );
  return sent;
}

it("says on its field that a box asks two things, and cannot be published (B-10)", async () => {
  open(form(["MKT_OWN", "PROFILING"], [{ path: "boxes.0.purposes", code: "BUNDLED_CONSENT", message: "One box asks two things" }]));

  expect(await screen.findByText("Una casella chiede due cose: separarle")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Pubblica" })).not.toBeInTheDocument();
});

it("publishes a form without faults, once asked", async () => {
  const sent = open(form(["MKT_OWN"], []));

  await userEvent.click(await screen.findByRole("button", { name: "Pubblica" }));
  await userEvent.click((await screen.findAllByRole("button", { name: "Pubblica" })).at(-1)!);

  expect(await screen.findByText("Modulo pubblicato")).toBeInTheDocument();
  expect(sent.some(({ method, path }) => method === "POST" && path.endsWith("/publications"))).toBe(true);
});
