"""The rows of a file, whatever it is, as one canonical CSV: UTF-8, commas, "\\n", minimal quotes.

Its header is `row,problem,<the column names>`. `row` is the physical row of the source (of a CSV the line on which the
row begins); `problem` is empty, or "code: message" on a row that could not be read, whose cells are then whatever could
be made of it, in any number. So every row of the source that holds anything is a row here, except the header, a title
above it and a header repeated (a remark each).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ritorno.imports.reading.findings import Finding
from ritorno.imports.reading.formats import FileFormat, Limits

LISTED = 1_000
"""How many findings of a file are kept one by one; the rest are counted."""


class Row(NamedTuple):
    """A row of the canonical file; with a problem it is to be counted as rejected, for that reason."""

    number: int
    cells: list[str]
    """As many as the header has, unless there is a problem."""
    problem: Finding | None


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of the file. `rows` counts the bad ones too."""

    rows: int
    headers: list[str]
    """The columns' names, as `Column.name`; without `row` and `problem`."""
    bad: list[Finding]
    """Rows that could not be read; at most LISTED of them."""
    bad_count: int
    remarks: list[Finding]
    """Of rows that were read: repeated headers, error cells, numbers Excel rounded; at most LISTED of them."""
    remark_count: int


def convert(
    path: Path,
    fmt: FileFormat,
    target: Path,
    *,
    limits: Limits | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> Converted:
    """Write the whole file to `target` in the canonical form, under a temporary name until it is whole.

    `on_rows` is told now and then how many rows were written. What it raises stops the conversion and leaves no file.
    Raises Unreadable.
    """
    raise NotImplementedError


def rows(canonical: Path, *, after: int = 0) -> Iterator[Row]:
    """Yield the rows of a canonical file whose number is greater than `after`, in order, streaming."""
    raise NotImplementedError
