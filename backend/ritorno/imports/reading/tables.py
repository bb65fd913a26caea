"""The rows of a file, whatever it is, as one canonical CSV: UTF-8, tabs, "\\n", quotes only where needed. Tabs, since
commas are in every price and address: a file without quotes is split, not parsed.

Its header is `row`, `problem` and the column names. `row` is the physical row of the source (of a CSV the line on which
the row begins); `problem` is empty, or "code: message" on a row that could not be read, whose cells are then whatever
could be made of it, in any number. So every row of the source that holds anything is a row here, except the header, a
title above it and a header repeated (a remark each). Line breaks in a cell become "\\n"; nothing else of it is touched.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ritorno.imports.reading import sheets, texts
from ritorno.imports.reading.archives import FileKind, opened
from ritorno.imports.reading.findings import Code, Finding
from ritorno.imports.reading.formats import (
    FileFormat,
    Limits,
    Preview,
    errors_of,
    explain,
    preview_of,
    problem_of,
    repeated,
    rounded,
)
from ritorno.imports.reading.sheets import Sheet, as_typed, is_rounded
from ritorno.imports.reading.texts import NO_DELIMITER, Plain, Record, fault, legible

MARK = "\t"
"""What parts the cells of the canonical file; its quotes are `"`, doubled inside."""

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
    limits = limits or Limits()
    part = target.with_name(f"{target.name}.part")
    try:
        with opened(path, limits) as (kind, plain), part.open("wb") as file:
            converted = _convert(kind, plain, fmt, limits, _Canonical(file, on_rows))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return converted


def _convert(kind: FileKind, plain: Path, fmt: FileFormat, limits: Limits, canonical: "_Canonical") -> Converted:
    if kind is FileKind.CSV:
        names = _names(preview_of(plain, fmt, None, limits))
        canonical.start(names)
        with texts.open_text(plain, fmt.encoding or "utf-8", fmt.has_bom) as stream:
            _write(texts.chunks(stream, fmt.delimiter, fmt.quote), fmt, canonical)
    else:
        sheet = sheets.open_sheet(plain, kind, fmt.sheet, limits)
        names = _names(preview_of(plain, fmt, sheet, limits))
        canonical.start(names)
        for error in errors_of(sheet, fmt, names):
            canonical.remark(error)
        _write(_sheet_records(sheet, fmt, canonical), fmt, canonical)
    canonical.flush()
    return canonical.converted()


def _names(found: Preview) -> list[str]:
    return [column.name for column in found.columns]


def _sheet_records(sheet: Sheet, fmt: FileFormat, canonical: "_Canonical") -> Iterator[Record]:
    """Yield the rows of a sheet as texts, remarking on the numbers it rounded."""
    decimal, names = fmt.decimal, canonical.names
    for number, raw in sheet.rows():
        cells = [cell if type(cell) is str else as_typed(cell, decimal) for cell in raw]
        if number > fmt.header_row:
            for index in [place for place, cell in enumerate(raw) if type(cell) is float and is_rounded(cell)]:
                if index < len(names):
                    canonical.remark(rounded(number, names[index]))
        if max(map(len, cells), default=0) > csv.field_size_limit():
            yield Record(number, [cell[:1_000] for cell in cells], Code.CELL_TOO_LONG)
        else:
            yield Record(number, cells)


def _write(chunks: Iterable[Plain | Record], fmt: FileFormat, canonical: "_Canonical") -> None:
    """Write every record under the header that holds anything; what is wrong with it is written beside it."""
    mark = fmt.delimiter or NO_DELIMITER
    header: list[str] = []
    for chunk in chunks:
        if isinstance(chunk, Plain) and chunk.number > fmt.header_row:
            _write_plain(chunk, mark, mark.join(header), canonical)
            continue
        for record in (chunk,) if isinstance(chunk, Record) else chunk.records(mark):
            if record.number == fmt.header_row:
                header = record.cells
            elif record.number > fmt.header_row:
                _write_record(record, header, canonical)


def _write_record(record: Record, header: list[str], canonical: "_Canonical") -> None:
    number, cells, problem = record
    width = len(canonical.names)
    if problem is not None:
        canonical.add_bad(number, cells, problem)
    elif cells == header:
        canonical.remark(repeated(number))
    elif len(cells) == width:
        if any(cells) and "".join(cells).strip(_BLANKS):
            canonical.add(number, cells)
    elif "".join(cells).strip(_BLANKS):
        problem = problem_of(cells, width)
        if problem is None:
            canonical.add(number, cells[:width])
        else:
            canonical.add_bad(number, cells, problem)


def _write_plain(chunk: Plain, mark: str, header: str, canonical: "_Canonical") -> None:
    """Write lines that need no parsing; those that are not simply a row of the table are left to `_write_record`."""
    last, blanks, add = len(canonical.names) - 1, mark + _BLANKS, canonical.add_line
    for number, line in enumerate(chunk.lines, start=chunk.number):
        if line.count(mark) == last and line != header and line.strip(blanks):
            if mark != MARK and MARK in line:
                _write_record(Record(number, line.split(mark)), [], canonical)
            else:
                add(number, line.replace(mark, MARK))
        elif line:
            _write_record(Record(number, line.split(mark)), header.split(mark), canonical)


BATCH = 5_000

_BLANKS = " \t\r\n\u00a0"


class _Canonical:
    """The canonical file being written, batch by batch, and what is said of its rows."""

    def __init__(self, file: BinaryIO, on_rows: Callable[[int], None] | None) -> None:
        self.names: list[str] = []
        self._file = file
        self._on_rows = on_rows
        self._batch: list[str] = []
        self._rows = 0
        self._bad: list[Finding] = []
        self._bad_count = 0
        self._remarks: list[Finding] = []
        self._remark_count = 0

    def start(self, names: list[str]) -> None:
        self.names = names
        self._file.write(f"{_joined(['row', 'problem', *names])}\n".encode())

    def add(self, number: int, cells: list[str]) -> None:
        """Add a row. What no text of PostgreSQL holds makes it a bad one."""
        text = MARK.join(cells)
        if '"' in text or "\n" in text or "\r" in text or "\0" in text or text.count(MARK) != len(cells) - 1:
            if "\0" in text:
                self.add_bad(number, cells, Code.NUL_CHARACTER)
                return
            text = _joined(cells)
        self.add_line(number, text)

    def add_line(self, number: int, text: str) -> None:
        """Add a row whose cells are written already."""
        batch = self._batch
        batch.append(f"{number}\t\t{text}")
        if len(batch) >= BATCH:
            self.flush()

    def add_bad(self, number: int, cells: list[str], problem: Code) -> None:
        message = explain(problem, len(cells), len(self.names))
        self._bad_count += 1
        if len(self._bad) < LISTED:
            self._bad.append(Finding(problem, number, None, message))
        self._batch.append(_joined([str(number), f"{problem}: {message}", *map(legible, cells)]))

    def remark(self, finding: Finding) -> None:
        self._remark_count += 1
        if len(self._remarks) < LISTED:
            self._remarks.append(finding)

    def flush(self) -> None:
        """Write the batch; bytes that were no letters are looked for in all of it at once, then row by row."""
        self._rows += len(self._batch)
        try:
            data = "\n".join([*self._batch, ""]).encode()
        except UnicodeEncodeError:
            lines, self._batch = self._batch, []
            for line in lines:
                self._add_decoded(line)
            data = "\n".join([*self._batch, ""]).encode()
        self._file.write(data)
        self._batch.clear()
        if self._on_rows is not None:
            self._on_rows(self._rows)

    def _add_decoded(self, line: str) -> None:
        if fault([line]) is None:
            self._batch.append(line)
        else:
            number, _, *cells = next(csv.reader(StringIO(line, newline=""), delimiter=MARK))
            self.add_bad(int(number), cells, Code.UNDECODABLE)

    def converted(self) -> Converted:
        return Converted(
            rows=self._rows,
            headers=self.names,
            bad=sorted(self._bad, key=lambda finding: finding.row or 0),
            bad_count=self._bad_count,
            remarks=sorted(self._remarks, key=lambda finding: finding.row or 0),
            remark_count=self._remark_count,
        )


def _joined(cells: list[str]) -> str:
    """Return a row as CSV without its end; line breaks inside its cells become "\\n"."""
    return MARK.join(
        [
            '"' + cell.replace("\r\n", "\n").replace("\r", "\n").replace('"', '""') + '"'
            if MARK in cell or '"' in cell or "\n" in cell or "\r" in cell
            else cell
            for cell in cells
        ]
    )


def rows(canonical: Path, *, after: int = 0) -> Iterator[Row]:
    """Yield the rows of a canonical file whose number is greater than `after`, in order, streaming."""
    with canonical.open(encoding="utf-8", newline="") as stream:
        records = texts.chunks(stream, MARK, '"')
        next(records)
        for chunk in records:
            for record in (chunk.cells,) if isinstance(chunk, Record) else map(_split, chunk.lines):
                row = int(record[0])
                if row > after:
                    problem = record[1]
                    del record[:2]
                    yield Row(row, record, _finding(row, problem) if problem else None)


def _split(line: str) -> list[str]:
    return line.split(MARK)


def _finding(row: int, problem: str) -> Finding:
    code, _, message = problem.partition(": ")
    return Finding(Code(code), row, None, message)
