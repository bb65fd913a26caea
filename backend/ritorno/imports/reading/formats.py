"""What a file is, and how its first rows look: kind by its bytes (S-19), encoding, delimiter, header, dates (B-22)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import islice
from pathlib import Path
from statistics import median_low
from typing import Literal

from ritorno.imports.reading import sheets, texts
from ritorno.imports.reading.archives import FileKind, Limits, opened
from ritorno.imports.reading.findings import Code, Finding, Unreadable, UnreadableCode
from ritorno.imports.reading.headers import find_header, name_columns
from ritorno.imports.reading.sheets import Cell, Sheet, as_typed, is_rounded
from ritorno.imports.reading.values import fitting_date_formats

__all__ = [
    "Column", "FileFormat", "FileKind", "Limits", "Preview", "detect", "errors_of", "explain", "preview", "preview_of",
    "problem_of", "repeated", "rounded",
]  # fmt: skip

SAMPLED, SHOWN = 1_000, 20


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How to read the file; every value may be corrected by a person and given to `preview` and `convert`."""

    kind: FileKind
    encoding: str | None
    """Python's name of it: utf-8, utf-16-le, utf-16-be, cp1252, latin-1; None for workbooks."""
    delimiter: str | None
    """None: the file has one column (or is a workbook)."""
    quote: str | None
    decimal: Literal[".", ","]
    """The mark of decimals in the file's texts; numbers of workbooks are written with it too."""
    sheet: str | None
    sheets: list[str]
    header_row: int
    """The physical row (CSV: line) of the header, 1 is the first; 0 when the file has none."""
    has_bom: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column as its sample shows it."""

    index: int
    name: str
    """Unique: a repeated name becomes "Nome (2)", an empty one "Column 3"."""
    samples: list[str]
    """Up to five different values."""
    filled: int
    """How many of the sampled rows (`Preview.sampled`) have a value."""
    date_formats: list[str]
    """Every format of `values.DATE_FORMATS` that fits *all* sampled values, so two when ambiguous (B-18); ["ISO"] when
    the cells are real dates."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The format found, the columns, the first twenty rows of data, and what deserves a look."""

    format: FileFormat
    columns: list[Column]
    rows: list[list[str]]
    warnings: list[Finding]
    sampled: int
    """How many rows of data were looked at (at most a thousand)."""


def detect(path: Path, *, limits: Limits) -> Preview:
    """Return what the file seems to be. Of a CSV only the encoding is asked of every byte, the rest of a sample.

    Raises Unreadable.
    """
    with opened(path, limits) as (kind, plain):
        if kind is not FileKind.CSV:
            sheet = sheets.open_sheet(plain, kind, None, limits)
            return preview_of(plain, _sheet_format(kind, sheet), sheet, limits)
        return preview_of(plain, _text_format(plain), None, limits)


def preview(path: Path, fmt: FileFormat, *, limits: Limits) -> Preview:
    """Return the columns and first rows under a format that a person corrected. Raises Unreadable."""
    with opened(path, limits) as (kind, plain):
        sheet = None if kind is FileKind.CSV else sheets.open_sheet(plain, kind, fmt.sheet, limits)
        return preview_of(plain, fmt, sheet, limits)


def _text_format(path: Path) -> FileFormat:
    encoding, has_bom = texts.find_encoding(path)
    sample = texts.read_sample(path, encoding, has_bom)
    delimiter, quote = texts.sniff(sample)
    found = [record for record in _records(sample, delimiter, quote) if record.problem is None]
    return FileFormat(
        kind=FileKind.CSV,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        decimal=_decimal([record.cells for record in found], likely="," if delimiter == ";" else "."),
        sheet=None,
        sheets=[],
        header_row=find_header([(record.number, _stripped(record.cells)) for record in found]),
        has_bom=has_bom,
    )


def _sheet_format(kind: FileKind, sheet: Sheet) -> FileFormat:
    raw = list(islice(sheet.rows(), SAMPLED))
    header = find_header([(number, _stripped(_unspread(number, cells, sheet))) for number, cells in raw])
    return FileFormat(
        kind=kind,
        encoding=None,
        delimiter=None,
        quote=None,
        decimal=_decimal([[cell for cell in cells if isinstance(cell, str)] for _, cells in raw], likely="."),
        sheet=sheet.name,
        sheets=sheet.names,
        header_row=_under_groups(header, sheet),
        has_bom=False,
    )


def _under_groups(header: int, sheet: Sheet) -> int:
    """Return the row below, when the header groups columns under merged titles: a name merged over both rows belongs to
    both.
    """
    groups = [end for top, end in sheet.merged if top[0] == header - 1 == end[0] and end[1] > top[1]]
    below = [top for top, end in sheet.merged if top[0] == header - 1 and end[0] > header - 1]
    return header + 1 if groups and header and (below or len(groups) > 1) else header


def _unspread(number: int, cells: list[Cell], sheet: Sheet) -> list[str]:
    """Return the texts of a row with each merged value in its first column only: a title over all columns is one."""
    shown = [as_typed(cell, ".") for cell in cells]
    for columns, _ in sheet.fills.get(number - 1, ()):
        for column in columns[1:]:
            shown[column - sheet.first] = ""
    return shown


def _stripped(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _records(sample: str, delimiter: str | None, quote: str | None) -> list[texts.Record]:
    return list(islice(texts.records(StringIO(sample, newline=""), delimiter, quote), SAMPLED + 50))


_COMMA = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+[-€ ]*")
_POINT = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)\.[0-9]+[-€ ]*")


def _decimal(rows: Sequence[list[str]], *, likely: Literal[".", ","]) -> Literal[".", ","]:
    """Return the mark of most decimals; three digits after it may be thousands and say nothing."""
    marks = {",": 0, ".": 0}
    for cells in rows:
        for cell in cells:
            bare = cell.strip(" €-\u00a0")
            for mark, shape in ((",", _COMMA), (".", _POINT)):
                if shape.fullmatch(bare) and len(bare.rpartition(mark)[2]) != 3:
                    marks[mark] += 1
    if marks[","] == marks["."]:
        return likely
    return "," if marks[","] > marks["."] else "."


def preview_of(path: Path, fmt: FileFormat, sheet: Sheet | None, limits: Limits) -> Preview:
    """Return the preview of a plain file, examined before; a workbook comes with its sheet open."""
    raw: dict[int, list[Cell]] = {}
    if sheet is None:
        sample = texts.read_sample(path, fmt.encoding or "utf-8", fmt.has_bom)
        found = [_legible(record) for record in _records(sample, fmt.delimiter, fmt.quote)]
    else:
        raw = dict(islice(sheet.rows(), SAMPLED + 50))
        found = [texts.Record(number, [as_typed(cell, fmt.decimal) for cell in cells]) for number, cells in raw.items()]
    header = next((record.cells for record in found if record.number == fmt.header_row), [])
    full = [record for record in found if record.number > fmt.header_row and any(_stripped(record.cells))]
    sound = [record for record in full if not record.problem and record.cells != header][:SAMPLED]
    width = _width(header, [record.cells for record in sound])
    if width > limits.columns:
        raise Unreadable(UnreadableCode.TOO_MANY_COLUMNS, f"The file has more than {limits.columns} columns.")
    rows = [record for record in sound if len(record.cells) >= width]
    names = name_columns(header, width)
    columns = [
        _column(index, name, [(record.cells[index].strip(), _is_date(raw, record.number, index)) for record in rows])
        for index, name in enumerate(names)
    ]
    warnings = [
        *_of_header(fmt, found, header, columns),
        *islice(_of_rows(full, header, width), SHOWN),
        *(_of_sheet(sheet, fmt, names) if sheet else ()),
        *_of_dates(columns, raw, rows),
    ]
    return Preview(fmt, columns, [record.cells[:width] for record in rows[:SHOWN]], warnings, len(rows))


def _legible(record: texts.Record) -> texts.Record:
    problem = texts.fault(record.cells)
    if problem is None:
        return record
    return texts.Record(record.number, [texts.legible(cell) for cell in record.cells], record.problem or problem)


def _width(header: list[str], rows: list[list[str]]) -> int:
    """Return how many columns there are: as the header has, or more when most rows have more; those at the end without
    a name and without a value are none.
    """
    width = max(len(header), median_low([len(cells) for cells in rows] or [0]))
    while width > 1 and not "".join(header[width - 1 : width]).strip():
        if any(cells[width - 1].strip() for cells in rows if len(cells) >= width):
            break
        width -= 1
    return width


def _is_date(raw: dict[int, list[Cell]], number: int, index: int) -> bool:
    return number in raw and isinstance(raw[number][index], date)


def _column(index: int, name: str, cells: list[tuple[str, bool]]) -> Column:
    values = [(text, is_date) for text, is_date in cells if text]
    dates = sum(is_date for _, is_date in values)
    if dates:
        formats = ["ISO"] if dates == len(values) else []
    else:
        formats = fitting_date_formats(list(dict.fromkeys(text for text, _ in values)))
    return Column(index, name, list(dict.fromkeys(text for text, _ in values))[:5], len(values), formats)


def _of_header(
    fmt: FileFormat, found: list[texts.Record], header: list[str], columns: list[Column]
) -> Iterator[Finding]:
    if not fmt.header_row:
        yield Finding(Code.NO_HEADER, None, None, "The file has no header: its columns are numbered.")
        return
    for record in found:
        if record.number < fmt.header_row and any(_stripped(record.cells)):
            yield Finding(Code.TITLE_SKIPPED, record.number, None, "A line above the header is not read.")
    plain = [" ".join(cell.split()).casefold() for cell in header]
    for column in columns:
        own = plain[column.index] if column.index < len(plain) else ""
        if not own:
            yield Finding(Code.UNNAMED_COLUMN, fmt.header_row, column.name, "A column has no name.")
        elif own in plain[: column.index]:
            yield Finding(Code.DUPLICATE_HEADER, fmt.header_row, column.name, "Two columns have the same name.")


def _of_rows(full: list[texts.Record], header: list[str], width: int) -> Iterator[Finding]:
    if not full:
        yield Finding(Code.NO_ROWS, None, None, "The file has no rows of data.")
    for record in full:
        if header and record.cells == header:
            yield repeated(record.number)
        elif problem := record.problem or problem_of(record.cells, width):
            yield Finding(problem, record.number, None, explain(problem, len(record.cells), width))


def problem_of(cells: list[str], width: int) -> Code | None:
    """Return what is wrong with the number of cells; empty ones past the last column are nothing."""
    if len(cells) < width:
        return Code.TOO_FEW_CELLS
    return Code.TOO_MANY_CELLS if any(cells[width:]) else None


def explain(problem: Code, cells: int, width: int) -> str:
    """Return the sentence of a row that cannot be read."""
    if problem in {Code.TOO_FEW_CELLS, Code.TOO_MANY_CELLS}:
        return f"The row has {cells} cells, the table {width} columns."
    return PROBLEMS[problem]


PROBLEMS = {
    Code.UNCLOSED_QUOTE: "A quote is opened and never closed.",
    Code.BAD_QUOTES: "A quote closes in the middle of a cell.",
    Code.CELL_TOO_LONG: "A cell is longer than 131,072 characters.",
    Code.UNDECODABLE: "Some bytes are no letters in the encoding of the file.",
    Code.NUL_CHARACTER: "A cell holds a NUL character.",
}


def repeated(number: int) -> Finding:
    """Return the remark on a header met again among the rows."""
    return Finding(Code.HEADER_REPEATED, number, None, "The header is repeated here: it is not a row.")


def _of_sheet(sheet: Sheet, fmt: FileFormat, names: list[str]) -> Iterator[Finding]:
    if len(sheet.names) > 1:
        yield Finding(Code.OTHER_SHEETS, None, None, f"The workbook has {len(sheet.names)} sheets: one is read.")
    if _under_groups(fmt.header_row - 1, sheet) == fmt.header_row:
        yield Finding(Code.TWO_ROW_HEADER, fmt.header_row, None, "The header has two rows: the lower one is read.")
    merged = sum(end[0] >= fmt.header_row and end != top for top, end in sheet.merged)
    if merged:
        yield Finding(Code.MERGED_CELLS, None, None, f"{merged} merged cells: the value belongs to every cell of each.")
    for code in sheet.unplaced:
        yield Finding(code, None, None, UNPLACED[code])
    yield from islice(errors_of(sheet, fmt, names), SHOWN)


UNPLACED = {
    Code.ERROR_CELL: "Some cells hold an error: they are read as empty.",
    Code.MERGED_CELLS: "Some cells are merged: only the first cell of each has the value.",
}


def errors_of(sheet: Sheet, fmt: FileFormat, names: list[str]) -> Iterator[Finding]:
    """Yield the cells that hold an error of the spreadsheet; their text is the error's, which no field accepts."""
    for row, cells in sorted(sheet.errors.items()):
        for column, error in sorted(cells.items()):
            if row >= fmt.header_row and 0 <= column - sheet.first < len(names):
                yield Finding(Code.ERROR_CELL, row + 1, names[column - sheet.first], f"The cell holds {error}.")


def rounded(number: int, name: str) -> Finding:
    """Return the remark on a number with more digits than a spreadsheet keeps."""
    return Finding(Code.NUMBER_AS_FLOAT, number, name, "A spreadsheet keeps fifteen digits: the others are lost.")


def _of_dates(columns: list[Column], raw: dict[int, list[Cell]], rows: list[texts.Record]) -> Iterator[Finding]:
    """Yield what is doubtful of dates, and of the numbers a workbook rounded."""
    for column in columns:
        if len(column.date_formats) > 1:
            yield Finding(
                Code.AMBIGUOUS_DATES, None, column.name, f"The dates fit {' and '.join(column.date_formats)}."
            )
        elif not column.date_formats and any(_is_date(raw, record.number, column.index) for record in rows):
            yield Finding(
                Code.MIXED_DATES, None, column.name, "Some cells are dates, others text: day and month may be swapped."
            )
        for record in rows:
            if record.number in raw and is_rounded(raw[record.number][column.index]):
                yield rounded(record.number, column.name)
                break
