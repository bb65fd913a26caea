import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { fakeApi, page, refusal, renderScreen } from "@/testing/render";
import { SegmentBuilder } from "./segment-builder";
import type { Tree } from "./tree";

const fields = {
  items: [
    { key: "last_purchase_days", label: "Giorni dall’ultimo acquisto", kind: "number", operators: ["more_than", "between"], choices: null, unit: "days", uses_purchases: true },
    { key: "city", label: "Città", kind: "text", operators: ["in", "not_in"], choices: null, unit: null, uses_purchases: true },
  ],
};
const late: Tree = { all: [{ field: "last_purchase_days", op: "more_than", value: 90 }] };
const preview = (count: number) => ({
  count,
  sentence: `Chi manca da più di ${count} giorni.`,
  uses_purchases: true,
  lost_to_profiling: 12,
  took_ms: 30,
  sample: [{ customer_id: "c1", full_name: "Marta Bellini", because: "ultimo acquisto 97 giorni fa" }],
  reach: { EMAIL: 40 },
});

function open(answers: Record<string, unknown> = {}) {
  const sent = fakeApi({
    "GET /v1/segment-fields": fields,
    "POST /v1/segments/preview": ({ body }: { body: { tree: { all: { value: number }[] } } }) => preview(body.tree.all[0]?.value ?? 0),
    "GET /v1/stores": page([]),
    ...answers,
  });
  const ignore = () => undefined;
  renderScreen(<SegmentBuilder saved={null} start={{ name: "In ritardo", tree: late }} onSaved={ignore} onDeleted={ignore} onReload={ignore} />);
  return sent;
}
const counts = (sent: { path: string }[]) => sent.filter(({ path }) => path === "/v1/segments/preview").length;

describe("the segment builder", () => {
  it("opens with the server's sentence, the exact count and a because", async () => {
    open();

    expect(await screen.findByRole("heading", { level: 1, name: "Chi manca da più di 90 giorni." })).toBeInTheDocument();
    expect(screen.getByText("90 persone")).toBeInTheDocument();
    expect(screen.getByText("ultimo acquisto 97 giorni fa")).toBeInTheDocument();
    expect(screen.getByText(/12 persone restano fuori/)).toBeInTheDocument();
  });

  it("counts once after the last keystroke, not at each", async () => {
    const sent = open();
    const days = await screen.findByRole("textbox", { name: /Giorni dall’ultimo acquisto: Valore/ });
    await waitFor(() => expect(counts(sent)).toBe(1));

    await userEvent.clear(days);
    await userEvent.type(days, "60");

    expect(await screen.findByText("60 persone")).toBeInTheDocument();
    expect(counts(sent)).toBeLessThanOrEqual(3);
  });

  it("leaves a half-written condition out of the count and says so", async () => {
    const sent = open();

    await userEvent.click(await screen.findByRole("button", { name: "Condizione" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Città" }));

    expect(screen.getByText("Da completare: per ora non conta")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Salva il segmento" })).toBeDisabled();
    expect(counts(sent)).toBe(1);
  });

  it("keeps the conditions when the count is refused", async () => {
    open({ "POST /v1/segments/preview": () => refusal(422, "invalid", "Non valido", { detail: "La categoria non esiste più." }) });

    expect(await screen.findByText("Queste condizioni non si possono contare")).toBeInTheDocument();
    expect(screen.getByText("La categoria non esiste più.")).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: /Giorni dall’ultimo acquisto: Valore/ })).toHaveValue("90");
  });
});
