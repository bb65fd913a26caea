import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { renderScreen } from "@/testing/render";
import { ConfirmModal } from "./confirm";
import { Loaded } from "./faces";
import { toneOf } from "./interval-row";
import { PermissionBadge } from "./permission-badge";
import { initialsOf } from "./person";
import { RhythmStrip } from "./rhythm-strip";
import { StateBar } from "./state-bar";
import { Why } from "./why";

describe("the badge", () => {
  it("never lets «said no» and «never asked» look alike", async () => {
    renderScreen(
      <>
        <PermissionBadge family="said_no" />
        <PermissionBadge family="not_asked" />
      </>,
    );
    const said = (await screen.findByText("Ha detto no")).parentElement;
    const asked = screen.getByText("Mai chiesto").parentElement;
    expect(said?.dataset.family).toBe("said_no");
    expect(asked?.dataset.family).toBe("not_asked");
    expect(said?.querySelector("svg")?.outerHTML).not.toBe(asked?.querySelector("svg")?.outerHTML);
  });

  it("says from when a deferred message may leave", async () => {
    renderScreen(<PermissionBadge family="later" when="domani" />);
    expect(await screen.findByText("Da domani")).toBeInTheDocument();
  });

  it("treats a family it does not know as something to check", async () => {
    renderScreen(<PermissionBadge family="something-new" />);
    expect(await screen.findByText("Da verificare")).toBeInTheDocument();
  });
});

describe("the why", () => {
  it("opens by keyboard and tells the sentence, the remedy and the rule", async () => {
    renderScreen(<Why explanation={{ sentence: "Ha detto no il 4 aprile", remedy: "Solo un suo nuovo sì", code: "D-E3 · WITHDRAWN" }} />);
    (await screen.findByRole("button", { name: /Perché/ })).focus();
    await userEvent.keyboard("{Enter}");
    const popover = await screen.findByRole("dialog");
    expect(within(popover).getByText("Ha detto no il 4 aprile")).toBeInTheDocument();
    expect(within(popover).getByText("Solo un suo nuovo sì")).toBeInTheDocument();
    expect(within(popover).getByText("D-E3 · WITHDRAWN")).toBeInTheDocument();
  });
});

describe("the faces of a panel", () => {
  const query = { data: undefined, isPending: false, isFetching: false, refetch: vi.fn() } as never as Parameters<typeof Loaded>[0]["query"];

  it("offers to try again when it failed, and gives the request's number", async () => {
    const refetch = vi.fn();
    renderScreen(
      <Loaded query={{ ...query, error: new Problem(500, "unexpected", "Oops", null, [], "r-77"), refetch }}>{() => "data"}</Loaded>,
    );
    expect(await screen.findByText(/r-77/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Riprova" }));
    expect(refetch).toHaveBeenCalled();
  });

  it("does not offer to repeat what was refused", async () => {
    renderScreen(<Loaded query={{ ...query, error: new Problem(403, "forbidden", "Not yours") }}>{() => "data"}</Loaded>);
    expect(await screen.findByText("Questa parte è riservata ad altri ruoli")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Riprova" })).not.toBeInTheDocument();
  });

  it("keeps showing old data when a refresh fails", async () => {
    renderScreen(<Loaded query={{ ...query, data: "old", error: new Problem(500, "x", "x") }}>{(data) => String(data)}</Loaded>);
    expect(await screen.findByText("old")).toBeInTheDocument();
  });
});

describe("the drawings", () => {
  it("read the rhythm as a sentence", async () => {
    renderScreen(<RhythmStrip visits={["2026-09-01", "2026-10-09"]} likelyFrom="2026-11-08" likelyTo="2026-11-17" today="2026-11-21" />);
    expect(await screen.findByRole("img")).toHaveAccessibleName(
      "2 visite, l’ultima 9 ottobre. Ritorno atteso tra l’8 novembre e il 17 novembre.",
    );
  });

  it("draw every visit once and today always", async () => {
    renderScreen(<RhythmStrip visits={["2026-09-01", "2026-10-09"]} today="2026-11-21" />);
    const drawing = await screen.findByRole("img");
    expect(drawing.querySelectorAll("circle")).toHaveLength(2);
    expect(drawing.querySelectorAll("rect")).toHaveLength(0);
  });

  it("name each part of a bar, also those worth nothing", async () => {
    renderScreen(
      <StateBar
        parts={[
          { value: 22, label: "inviati", tone: "ink" },
          { value: 0, label: "saltati", tone: "rest" },
        ]}
      />,
    );
    expect(await screen.findByRole("img")).toHaveAccessibleName("inviati: 22, saltati: 0");
  });

  it("are stone when the interval holds zero and red only on the harmful side", () => {
    expect(toneOf(-0.1, 0.9)).toBe("stone");
    expect(toneOf(0.2, 2.1)).toBe("ink");
    expect(toneOf(-2, -1)).toBe("denied");
    expect(toneOf(0.2, 0.4, "positive")).toBe("denied");
  });
});

it("asks to copy out the count before something that cannot be undone", async () => {
  const confirm = vi.fn();
  renderScreen(
    <ConfirmModal isOpen onClose={vi.fn()} title="Invia" verb="Invia a 992" typed="992" onConfirm={confirm}>
      testo
    </ConfirmModal>,
  );
  const verb = await screen.findByRole("button", { name: "Invia a 992" });
  expect(verb).toBeDisabled();
  await userEvent.type(screen.getByRole("textbox"), "992");
  await userEvent.click(verb);
  expect(confirm).toHaveBeenCalledOnce();
});

it("takes initials from the first and the last word of a name", () => {
  expect(["Marta Bellini", "D’Alessandro Maria Antonietta", "Cher", ""].map(initialsOf)).toEqual(["MB", "DA", "C", ""]);
});
