import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderScreen } from "@/testing/render";
import type { Results } from "./queries";
import { ResultsPanels } from "./results-body";

const euros = (amount: string) => ({ amount, currency: "EUR" });
const point = (day: number, treated: number, control: number) => ({
  day,
  treated,
  control,
  treated_low: treated * 0.95,
  treated_high: treated * 1.05,
  control_low: control * 0.9,
  control_high: control * 1.1,
});
const closed: Results = {
  touch_id: "x1",
  recall_id: null,
  name: "Rientro d’autunno",
  kind: "campaign",
  state: "closed",
  verdict: { code: "worked", sentence: "Ha funzionato: da 166 a 678 persone in più sono tornate." },
  planned_n: 18240,
  needed_n: 15900,
  detectable_points: 1.4,
  closes_on: "2026-11-12",
  srm_p: 0.7,
  arms: [
    {
      arm: "TREATED",
      people: 16416,
      delivered: 15902,
      visitors: 2315,
      conversion_rate: 0.141,
      conversion_interval: [0.136, 0.146],
      revenue: euros("105883.00"),
      revenue_per_person: euros("6.45"),
      unsubscribed: 49,
    },
    {
      arm: "CONTROL",
      people: 1824,
      delivered: 0,
      visitors: 209,
      conversion_rate: 0.115,
      conversion_interval: [0.101, 0.13],
      revenue: null,
      revenue_per_person: null,
      unsubscribed: null,
    },
  ],
  differences: [
    { metric: "conversion", unit: "points", estimate: 2.6, low: 1.0, high: 4.1, excludes_zero: true, note: null },
    { metric: "revenue_per_person", unit: "money", estimate: 1.18, low: -0.21, high: 2.15, excludes_zero: false, note: null },
    { metric: "unsubscribes", unit: "points", estimate: 0.3, low: 0.2, high: 0.4, excludes_zero: true, note: null },
  ],
  incremental: { people: { estimate: 434, low: 166, high: 678 }, revenue: null },
  attributed: { rule: "ultimo messaggio", orders: 812, revenue: euros("61240.00") },
  measured: { opens_allowed: 412, opened: 188, clicks_allowed: 6, clicked: null },
  cost: euros("15.90"),
  curve: [point(0, 0, 0), point(14, 0.08, 0.07), point(42, 0.141, 0.115)],
  as_of: "2026-11-21T09:00:00Z",
};

describe("the results of a campaign", () => {
  it("open with the server's verdict and the best estimate", async () => {
    renderScreen(<ResultsPanels results={closed} />);

    expect(await screen.findByText(closed.verdict.sentence)).toBeInTheDocument();
    expect(screen.getByText(/La stima migliore è 434/)).toHaveTextContent("1.824 persone, scelte a caso");
  });

  it("write beside each drawing the same ends that are drawn", async () => {
    renderScreen(<ResultsPanels results={closed} />);

    expect(await screen.findByText("tra +1,0 e +4,1")).toBeInTheDocument();
    expect(screen.getByText("tra −0,21 e +2,15")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "stima +2,6 punti, intervallo +1,0 … +4,1" })).toBeInTheDocument();
  });

  it("keep back a figure about too few people", async () => {
    renderScreen(<ResultsPanels results={closed} />);

    const control = (await screen.findByText("Gruppo di controllo")).closest("tr")!;
    expect(within(control).getAllByText("–").length).toBeGreaterThanOrEqual(3);
  });

  it("tell openings and clicks only of those who allow it", async () => {
    renderScreen(<ResultsPanels results={closed} />);

    expect(await screen.findByText(/hanno aperto 188 persone su 412, hanno seguito un link – su 6/)).toBeInTheDocument();
  });

  it("show the curve as a list as well", async () => {
    renderScreen(<ResultsPanels results={closed} />);

    await userEvent.click(await screen.findByRole("button", { name: "Vedi come elenco" }));

    const list = screen.getByRole("table", { name: "Chi è tornato, giorno per giorno" });
    expect(within(list).getByRole("cell", { name: "14,1%" })).toBeInTheDocument();
  });

  it("draw and judge nothing while the measure is open", async () => {
    const open: Results = {
      ...closed,
      state: "open",
      verdict: { code: "more", sentence: "Non si può ancora dire: la misura si chiude il 5 dicembre." },
      differences: closed.differences.map((difference) => ({ ...difference, low: null, high: null })),
      incremental: { people: null, revenue: null },
      measured: null,
      curve: [],
    };
    renderScreen(<ResultsPanels results={open} />);

    expect(await screen.findByText(/Non si può ancora dire/)).toBeInTheDocument();
    expect(screen.queryByRole("img", { name: /stima/ })).not.toBeInTheDocument();
    expect(screen.queryByText(/Ha funzionato/)).not.toBeInTheDocument();
    expect(screen.queryByText(/Misurato solo/)).not.toBeInTheDocument();
  });
});
