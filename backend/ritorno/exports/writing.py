"""The three formats, each written row by row so that memory does not grow with the file (S-18)."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import orjson

from ritorno.exports.rules import XLSX_ROWS, Cell, ExportFormat, cell_text
from ritorno.kit.spreadsheets import neutral, neutral_for_machines

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


class RowFile(Protocol):
    """A file being written; blocking, so it is used from a thread."""

    def write(self, rows: Sequence[Sequence[Cell]]) -> None: ...

    def close(self) -> None: ...


def open_file(path: Path, kind: str, file_format: str, columns: Sequence[str]) -> RowFile:
    """Begin a file with its header; whatever it needs beside itself stays in the same folder."""
    match ExportFormat(file_format):
        case ExportFormat.CSV:
            return CsvFile(path, columns)
        case ExportFormat.NDJSON:
            return NdjsonFile(path, columns)
        case ExportFormat.XLSX:
            return XlsxFile(path, kind, columns)


class CsvFile:
    """RFC 4180, in UTF-8 with a BOM, without which Excel shows accents as noise.

    Every cell is quoted: where Excel separates by semicolons, a name could otherwise open a cell of its own behind one.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        self._rows.writerow(columns)

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        self._rows.writerows([neutral(cell_text(cell)) for cell in row] for row in rows)

    def close(self) -> None:
        self._file.close()


class NdjsonFile:
    """One JSON object in each line: counts are numbers, money is a decimal string, lists are lists."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._file = path.open("wb")
        self._columns = columns

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        named = (dict(zip(self._columns, map(_for_machines, row), strict=True)) for row in rows)
        self._file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in named)

    def close(self) -> None:
        self._file.close()


def _for_machines(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return neutral_for_machines(cell)
    return [neutral_for_machines(item) for item in cell] if isinstance(cell, list) else cell


class XlsxFile:
    """Text cells only, so that nothing is ever a formula, a link or a rounded number; as many sheets as it takes."""

    def __init__(self, path: Path, kind: str, columns: Sequence[str], *, rows: int = XLSX_ROWS) -> None:
        import xlsxwriter  # noqa: PLC0415 – fifteen megabytes of each process, and only this format needs it

        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._kind, self._columns, self._most = kind, columns, rows
        self._sheets = 0
        self._sheet = self._next_sheet()

    def _next_sheet(self) -> "Worksheet":
        self._sheets += 1
        sheet: Worksheet = self._book.add_worksheet(self._kind if self._sheets == 1 else f"{self._kind} {self._sheets}")
        sheet.freeze_panes(1, 0)
        for place, key in enumerate(self._columns):
            sheet.write_string(0, place, key)
        self._row = 0
        return sheet

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        for row in rows:
            if self._row == self._most:
                self._sheet = self._next_sheet()
            self._row += 1
            for place, cell in enumerate(row):
                if cell is not None:
                    self._sheet.write_string(self._row, place, cell_text(cell))

    def close(self) -> None:
        self._book.close()
