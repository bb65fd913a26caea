import { expect, it } from "vitest";
import { diffTexts, type Piece } from "./text-diff";

const side = (pieces: Piece[], without: Piece["kind"]) =>
  pieces
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join("");

it("marks the words that went and those that came, and keeps the rest", () => {
  expect(diffTexts("Le scriviamo per email.", "Le scriviamo per email e SMS.")).toEqual([
    { kind: "same", text: "Le scriviamo per " },
    { kind: "gone", text: "email." },
    { kind: "new", text: "email e SMS." },
  ]);
});

it("gives both texts back, to the letter", () => {
  const [older, newer] = ["Uno due\n\ntre quattro cinque", "Uno\ndue tre  cinque sei"];

  const pieces = diffTexts(older, newer);

  expect(side(pieces, "new")).toBe(older);
  expect(side(pieces, "gone")).toBe(newer);
});

it("says so when nothing changed", () => {
  expect(diffTexts("Lo stesso testo", "Lo stesso testo")).toEqual([{ kind: "same", text: "Lo stesso testo" }]);
});
