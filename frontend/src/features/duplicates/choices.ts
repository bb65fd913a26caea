/** Which value stays, field by field, and where the keys move: plain functions of what the server answered. */
import type { Choices, ComparedField, Evidence, Preview, Side } from "./queries";

export const keptSide = (field: ComparedField, choices: Choices): Side => choices[field.field] ?? field.kept;

export const keptValue = (field: ComparedField, choices: Choices): string | null => field[keptSide(field, choices)];

/** Fields with something to choose come first; those equal on both cards follow; empty ones are left out. */
export function inOrder(fields: readonly ComparedField[]): { differing: ComparedField[]; equal: ComparedField[] } {
  return {
    differing: fields.filter((field) => field.differs),
    equal: fields.filter((field) => !field.differs && field.winner !== null),
  };
}

export const stepWithin = (index: number, by: number, count: number): number => Math.min(Math.max(index + by, 0), Math.max(count - 1, 0));

type Cell = Preview["winner"]["permissions"]["rows"][number]["cells"][number];
type Purpose = Preview["winner"]["permissions"]["rows"][number]["purpose"];
export type PermissionLine = { key: string; purpose: Purpose; channels: NonNullable<Cell["channel"]>[]; winner: Cell; loser: Cell; merged: Cell };

/**
 * Where the two cards contradict each other, channels that answer alike on one line; and of how many answers they do not. A card
 * without the address says nothing of what its owner wants.
 */
export function permissionLines({ winner, loser, merged }: Preview): { lines: PermissionLine[]; alike: number } {
  const lines = new Map<string, PermissionLine>();
  let alike = 0;
  for (const row of merged.permissions.rows) {
    for (const cell of row.cells) {
      const left = cellOf(winner, row.purpose, cell.channel);
      const right = cellOf(loser, row.purpose, cell.channel);
      if (!left || !right) continue;
      const said = [left, right].filter((each) => each.family !== "to_fix");
      if (said.every((each) => says(each) === says(cell))) {
        alike += 1;
        continue;
      }
      const key = [row.purpose, says(left), says(right), says(cell)].join("|");
      const line = lines.get(key) ?? { key, purpose: row.purpose, channels: [], winner: left, loser: right, merged: cell };
      if (cell.channel) line.channels.push(cell.channel);
      lines.set(key, line);
    }
  }
  return { lines: [...lines.values()], alike };
}

const says = (cell: Cell) => `${cell.family} ${cell.reason}`;

function cellOf(card: Preview["winner"], purpose: Purpose, channel: Cell["channel"]): Cell | undefined {
  return card.permissions.rows.find((row) => row.purpose === purpose)?.cells.find((cell) => cell.channel === channel);
}

/** Strongest first, whichever way it points; what neither card knows says nothing. */
export function telling(evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter((each) => each.level !== "unknown").sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
}
