import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderScreen } from "@/testing/render";
import { mend, type Parts, TextParts } from "./text-parts";

const parts: Parts = {
  characters: 78,
  alphabet: "UCS-2",
  parts: 2,
  max_parts: 3,
  cost: { amount: "0.14", currency: "EUR" },
  odd_characters: [
    { character: "È", count: 2, replacement: "E'" },
    { character: "…", count: 1, replacement: "..." },
    { character: "😀", count: 1, replacement: null },
    { character: "ő", count: 1, replacement: "o" },
  ],
};

it("says what a text costs and which characters make it dear, and replaces them at one tap", async () => {
  const onReplace = vi.fn();
  renderScreen(<TextParts parts={parts} body="È ora… È tempo 😀 {{ customer.given_name }}" onReplace={onReplace} />);

  expect(await screen.findByRole("status")).toHaveTextContent(/78 caratteri, 2 SMS: 0,14\s€ a persona/);
  await userEvent.click(screen.getByRole("button", { name: "Sostituisci È con E'" }));
  await userEvent.click(screen.getByRole("button", { name: "Sostituisci tutti" }));

  expect(onReplace.mock.calls).toEqual([["E' ora… E' tempo 😀 {{ customer.given_name }}"], ["E' ora... E' tempo 😀 {{ customer.given_name }}"]]);
  // What nothing can stand for, and what a person's own name brings along, is only shown.
  expect(screen.queryByRole("button", { name: /😀|ő/ })).not.toBeInTheDocument();
});

it("says that a text is too long to leave", async () => {
  renderScreen(<TextParts parts={{ ...parts, parts: 4, odd_characters: [] }} body="" onReplace={vi.fn()} />);

  expect(await screen.findByText(/Il massimo del mittente è 3: così non parte\./)).toBeInTheDocument();
});

it("leaves placeholders alone", () => {
  expect(mend("’ {{ a | default: '’' }} {% if b %}’{% endif %}", [{ character: "’", replacement: "'" }])).toBe(
    "' {{ a | default: '’' }} {% if b %}'{% endif %}",
  );
});
