/** What changed between two texts, word by word: what both keep, what only the older says, what only the newer says. */
export type Piece = { kind: "same" | "gone" | "new"; text: string };

/** Past this many comparisons the changed middle is shown as one block against another. */
const mostWork = 4_000_000;

const wordsOf = (text: string) => text.match(/\s+|[^\s]+/g) ?? [];

export function diffTexts(older: string, newer: string): Piece[] {
  const [before, after] = [wordsOf(older), wordsOf(newer)];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const pieces = [
    ...before.slice(0, start).map((text): Piece => ({ kind: "same", text })),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((text): Piece => ({ kind: "same", text })),
  ];
  return joined(pieces);
}

/** The longest common run of words stays; the rest went or came. */
function middle(before: string[], after: string[]): Piece[] {
  const gone = (text: string): Piece => ({ kind: "gone", text });
  const come = (text: string): Piece => ({ kind: "new", text });
  if (before.length * after.length > mostWork) return [...before.map(gone), ...after.map(come)];
  const width = after.length + 1;
  const kept = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      kept[i * width + j] =
        before[i] === after[j] ? kept[(i + 1) * width + j + 1]! + 1 : Math.max(kept[(i + 1) * width + j]!, kept[i * width + j + 1]!);
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      pieces.push({ kind: "same", text: before[i]! });
      i += 1;
      j += 1;
    } else if (kept[(i + 1) * width + j]! >= kept[i * width + j + 1]!) {
      pieces.push(gone(before[i]!));
      i += 1;
    } else {
      pieces.push(come(after[j]!));
      j += 1;
    }
  }
  return [...pieces, ...before.slice(i).map(gone), ...after.slice(j).map(come)];
}

function joined(pieces: Piece[]): Piece[] {
  const runs: Piece[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else runs.push({ ...piece });
  }
  return runs;
}
