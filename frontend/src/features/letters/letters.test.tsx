import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { expect, it } from "vitest";
import { me } from "@/testing/people";
import { fakeApi, page, refusal, renderScreen } from "@/testing/render";
import { BatchPage } from "./batch-page";
import { LettersPage } from "./letters-page";

const waiting = {
  items: [
    { touch_id: "t1", touch_name: "Promemoria inverno", count: 3, oldest_at: "2026-11-22T08:00:00Z", cost: { amount: "3.90", currency: "EUR" } },
    { touch_id: null, touch_name: null, count: 1, oldest_at: "2026-11-23T08:00:00Z", cost: { amount: "1.30", currency: "EUR" } },
  ],
  count: 4,
  cost: { amount: "5.20", currency: "EUR" },
  held_count: 0,
  max_pieces: 5000,
};
const batch = {
  id: "b1",
  state: "prepared",
  touch_id: "t1",
  touch_name: "Promemoria inverno",
  message_id: null,
  only_single: false,
  window_side: "right",
  is_duplex: true,
  asked_count: 4,
  left_out: [{ reason: "OBJECTED", count: 1 }],
  pieces_count: 3,
  live_count: 3,
  dropped_count: 0,
  to_remove: [],
  returned_count: 0,
  pages_count: 3,
  cost: { amount: "3.90", currency: "EUR" },
  progress: null,
  failure: null,
  created_at: "2026-11-24T09:00:00Z",
  created_by: "Giulia",
  prepared_at: "2026-11-24T09:01:00Z",
  printed_at: "2026-11-24T09:05:00Z",
  posted_at: null,
  posted_by: null,
  cancelled_at: null,
  has_files: true,
};

const ignore = () => undefined;

function openLetters(answers: Record<string, unknown> = {}) {
  const sent = fakeApi({ "GET /v1/me": me, "GET /v1/letters/waiting": waiting, "GET /v1/letter-batches": page([batch]), ...answers });
  renderScreen(
    <Suspense>
      <LettersPage onCursor={ignore} onPrepared={ignore} />
    </Suspense>,
  );
  return sent;
}

it("prepares a batch of one campaign, for the envelopes one has", async () => {
  const sent = openLetters({ "POST /v1/letter-batches": batch });

  await userEvent.click(await screen.findByRole("button", { name: "Prepara un lotto: Promemoria inverno" }));
  await userEvent.click(screen.getByRole("radio", { name: "Finestra a sinistra" }));
  await userEvent.click(screen.getByRole("button", { name: "Prepara il lotto" }));

  const post = sent.find(({ method }) => method === "POST")!;
  expect(post.body).toEqual({ touch_id: "t1", size: 3, window_side: "left", is_duplex: true });
  expect(post.headers.get("Idempotency-Key")).toBeTruthy();
});

it("reads one code after the other, keeps the focus and answers each without a name", async () => {
  openLetters({
    "POST /v1/letter-returns": ({ body }: { body: unknown }) => {
      const [code] = (body as { codes: string[] }).codes;
      return { items: [{ code, outcome: code === "KD7M2Q9X" ? "noted" : "misread" }], noted_count: 1 };
    },
  });
  const field = await screen.findByRole("textbox", { name: "Codice nella finestra" });

  await userEvent.click(screen.getByRole("radio", { name: "Trasferito" }));
  expect(field).toHaveFocus();
  await userEvent.keyboard("KD7M2Q9X{Enter}KD7M2Q9Y{Enter}");

  const log = screen.getByRole("log");
  expect(await within(log).findByText("segnata")).toBeInTheDocument();
  expect(await within(log).findByText(/letto male/)).toBeInTheDocument();
  expect(screen.getByText("una segnata")).toBeInTheDocument();
  expect(field).toHaveFocus();
  expect(field).toHaveValue("");
});

it("names what must leave the pile before it is posted, and posts the rest once it was taken out", async () => {
  let asked = 0;
  const sent = fakeApi({
    "GET /v1/me": me,
    "GET /v1/letter-batches/*": batch,
    "GET /v1/letter-batches/*/pieces": page([]),
    "PUT /v1/letter-batches/*/posting": () =>
      asked++ === 0 ? refusal(409, "letters-to-remove", "", { numbers: [17] }) : { ...batch, state: "posted", live_count: 2 },
  });
  renderScreen(
    <Suspense>
      <BatchPage id="b1" filter={{}} onFilter={ignore} />
    </Suspense>,
  );

  await userEvent.click(await screen.findByRole("button", { name: "Spedite" }));
  const modal = await screen.findByRole("dialog");
  await userEvent.click(within(modal).getByRole("button", { name: "Spedite" }));
  expect(await within(modal).findByText(/va tolta la numero 17/)).toBeInTheDocument();
  await userEvent.click(within(modal).getByRole("button", { name: "Tolte: spedite le altre" }));

  expect(await screen.findByText("2 lettere spedite.")).toBeInTheDocument();
  expect(sent.filter(({ method }) => method === "PUT").map(({ body }) => body)).toEqual([{ removed: [] }, { removed: [17] }]);
});
