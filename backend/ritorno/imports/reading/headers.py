"""Where the header of a table is, and how its columns are called (B-22)."""

import re
from collections.abc import Sequence
from statistics import median_high

_LOOKED_AT = 15
"""How far down a header may be, under titles and dates of printing."""


def find_header(rows: Sequence[tuple[int, list[str]]]) -> int:
    """Return the number of the header's row, or 0 when the first row is data already.

    Rows thinner than the table are titles above it. A header has words where the columns below have numbers, dates or
    addresses; a table of words only is believed to have one.
    """
    full = [(number, cells) for number, cells in rows if any(cells)]
    if not full:
        return 0
    usual = median_high(sum(map(bool, cells)) for _, cells in full)
    for at, (number, cells) in enumerate(full[:_LOOKED_AT]):
        if sum(map(bool, cells)) >= max(1, 0.6 * usual):
            below = [cells for _, cells in full[at + 1 :]]
            return number if _is_header(cells, below) else 0
    return 0


def _is_header(cells: list[str], below: list[list[str]]) -> bool:
    if not below:
        return sum(map(is_value, cells)) <= sum(map(bool, cells)) / 2
    said = 0
    for index, cell in enumerate(cells):
        values = [row[index] for row in below if index < len(row) and row[index]]
        if not cell or not values:
            continue
        typed = sum(map(is_value, values)) > 0.6 * len(values)
        if typed or is_value(cell):
            said += -1 if is_value(cell) else 1
        elif cell in values and len(below) > 3 and values.count(cell) < len(values):
            said -= 1
    return said >= 0


def is_value(cell: str) -> bool:
    """Return whether a cell is a value rather than a name for one: an address, or mostly digits."""
    marks = sum(mark.isalnum() for mark in cell)
    digits = sum(mark.isdigit() for mark in cell)
    return "@" in cell or (digits > 2 and digits >= 0.4 * marks) or 0 < digits == marks


def name_columns(header: Sequence[str], width: int) -> list[str]:
    """Return one name for each column: blanks folded, repeated names numbered, empty ones called by their place."""
    names: list[str] = []
    taken: set[str] = set()
    cells = [*header, *[""] * (width - len(header))]
    for place, cell in enumerate(cells[:width], start=1):
        name = re.sub(r"\s+", " ", cell).strip()[:200] or f"Column {place}"
        times, unique = 1, name
        while unique.casefold() in taken:
            times += 1
            unique = f"{name} ({times})"
        taken.add(unique.casefold())
        names.append(unique)
    return names
