"""Workbooks as rows of text: every cell as a person would have typed it. A merged value belongs to each cell of its
range; the errors that the reader leaves blank are found in the file itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zipfile import ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ritorno.imports.reading.archives import BLOCK, FileKind, Limits, inflated, part
from ritorno.imports.reading.findings import Code, Unreadable, UnreadableCode

Cell = int | float | str | bool | time | date | datetime | timedelta
Place = tuple[int, int]
"""A row and a column of the sheet, from zero."""

EXACT = 1 << 53
"""Past it a spreadsheet's number has lost its last digits."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,3})[0-9]+["'](?:[^>]*[^/>])?>""")
_QUICK_CELL = re.compile(rb' r="([A-Z]{1,3})[0-9]')
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\bt\s*=\s*["']e["'])(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,3})([0-9]+)["'][^>]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)</""",
    re.DOTALL,
)
_ROW = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["']([0-9]+)["']""")
_QUICK_ROW = re.compile(rb'<row [^>]*?r="([0-9]+)"')


@dataclass(slots=True)
class Sheet:
    """One sheet, in memory. `first` is the first used column; rows count from the sheet's own first row."""

    names: list[str]
    name: str
    width: int
    merged: list[tuple[Place, Place]]
    unplaced: list[Code]
    """What is known of the sheet without its place: errors and merged cells of an ODS."""
    first: int
    errors: dict[int, dict[int, str]]
    """By row and column of the sheet, from zero."""
    fills: dict[int, list[tuple[range, Place]]]
    """For each row of the sheet, the columns that share the value of a place."""
    _sheet: CalamineSheet

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the number of each row (1 is the sheet's first) and its cells."""
        tops: dict[Place, Cell] = {}
        for row, cells in enumerate(self._sheet.iter_rows()):
            for column, error in self.errors.get(row, {}).items():
                if 0 <= column - self.first < len(cells):
                    cells[column - self.first] = error
            for columns, top in self.fills.get(row, ()):
                if top[0] == row:
                    tops[top] = cells[top[1] - self.first]
                for column in columns:
                    cells[column - self.first] = tops[top]
            yield row + 1, cells


def open_sheet(path: Path, kind: FileKind, name: str | None, limits: Limits) -> Sheet:
    """Return the sheet of that name, or else the first visible one that holds anything. Raises Unreadable.

    The archive was examined before (`archives.opened`).
    """
    try:
        book = CalamineWorkbook.from_path(path)
        names = _readable(book)
        if name is not None and name not in names:
            raise Unreadable(UnreadableCode.NO_SUCH_SHEET, "The workbook has no such sheet.")
        for chosen in [name] if name is not None else names:
            errors, unplaced = _examine(path, kind, book.sheet_names.index(chosen), limits)
            sheet = book.get_sheet_by_name(chosen)
            if sheet.start is not None and sheet.end is not None:
                return _sheet(sheet, names, errors, unplaced, limits)
    except (CalamineError, KeyError, RecursionError):
        raise Unreadable(UnreadableCode.DAMAGED, "The workbook is damaged.") from None
    raise Unreadable(UnreadableCode.EMPTY, "The sheet is empty.")


def _readable(book: CalamineWorkbook) -> list[str]:
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return visible or [sheet.name for sheet in sheets]


def _sheet(
    sheet: CalamineSheet, names: list[str], errors: dict[int, dict[int, str]], unplaced: list[Code], limits: Limits
) -> Sheet:
    assert sheet.start is not None
    assert sheet.end is not None
    first, width = sheet.start[1], sheet.end[1] - sheet.start[1] + 1
    if width > limits.columns:
        raise Unreadable(UnreadableCode.TOO_MANY_COLUMNS, f"The sheet has more than {limits.columns} columns.")
    merged = [
        ((top, max(left, first)), (min(bottom, sheet.end[0]), min(right, sheet.end[1])))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
        if top <= sheet.end[0] and left >= first
    ]
    if sum(end[0] - top[0] for top, end in merged) > limits.workbook_cells:
        raise Unreadable(UnreadableCode.TOO_BIG, "The sheet has too many merged cells.")
    fills: dict[int, list[tuple[range, Place]]] = {}
    for top, end in merged:
        for row in range(top[0], end[0] + 1):
            fills.setdefault(row, []).append((range(top[1], end[1] + 1), top))
    return Sheet(names, sheet.name, width, merged, unplaced, first, errors, fills, sheet)


def _examine(path: Path, kind: FileKind, index: int, limits: Limits) -> tuple[dict[int, dict[int, str]], list[Code]]:
    """Return the errors of a sheet and what is known without its place, having weighed what reading it would take.

    The reader keeps a cell for every crossing of a used row and a used column, so one cell in the far corner would ask
    for gigabytes (B-23).
    """
    with ZipFile(path) as packed:
        if kind is FileKind.ODS:
            return {}, _examine_ods(packed, limits)
        rows = 0
        letters: set[bytes] = set()
        errors: dict[int, dict[int, str]] = {}
        for block in _whole_cells(packed, packed.getinfo(_sheet_part(packed, index))):
            is_usual = not any(odd in block for odd in (b"r='", b"r =", b"r= ", b":c ", b"r\n", b"r\t"))
            rows = max(rows, *map(int, (_QUICK_ROW if is_usual else _ROW).findall(block)), 0)
            letters.update((_QUICK_CELL if is_usual else _CELL).findall(block))
            for column, row, text in _ERROR.findall(block) if b'"e"' in block or b"'e'" in block else ():
                errors.setdefault(int(row) - 1, {})[_column(column)] = text.decode("utf-8", "replace")
    columns = [_column(name) for name in letters] or [0]
    _weigh(rows, max(columns) - min(columns) + 1, limits)
    return errors, []


def _whole_cells(packed: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """Yield a sheet's XML in blocks that end where a cell ends."""
    rest = b""
    for block in inflated(packed, entry):
        text = rest + block
        end = text.rfind(b"<") if len(text) > 8 * BLOCK else max(text.rfind(b"</c>") + 4, text.rfind(b"</row>") + 6, 0)
        if end > 6:
            yield text[:end]
            rest = text[end:]
        else:
            rest = text
    yield rest


def _sheet_part(packed: ZipFile, index: int) -> str:
    """Return where in the archive the sheet of that position is."""
    sheets = re.findall(rb"<(?:\w+:)?sheet\s[^>]*?\w+:id\s*=\s*[\"']([^\"']+)", part(packed, "xl/workbook.xml"))
    for relation in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", part(packed, "xl/_rels/workbook.xml.rels")):
        if re.search(rb"\bId\s*=\s*[\"']" + re.escape(sheets[index]) + rb"[\"']", relation):
            target = re.search(rb"\bTarget\s*=\s*[\"']([^\"']+)", relation)
            assert target is not None
            name = target[1].decode()
            return name.removeprefix("/") if name.startswith("/") else f"xl/{name}"
    raise KeyError(index)


def _examine_ods(packed: ZipFile, limits: Limits) -> list[Code]:
    """Return what an ODS holds that its reader does not tell; repeated cells with a value are weighed."""
    errors = spanned = heaviest = 0
    rest = b""
    for block in inflated(packed, packed.getinfo("content.xml")):
        text = rest + block
        end = text.rfind(b"<")
        text, rest = text[:end], text[end:]
        if b"table:table-source" in text:
            raise Unreadable(
                UnreadableCode.EXTERNAL_LINKS, "The workbook takes values from other files: paste them as values."
            )
        errors += text.count(b'calcext:value-type="error"')
        spanned += text.count(b"-spanned=")
        for cell in re.findall(rb"<table:table-cell\s[^>]*-repeated=\"[0-9]{4,}\"[^>]*value-type=[^>]*>", text):
            heaviest = max(heaviest, *map(int, re.findall(rb"-repeated=\"([0-9]+)", cell)))
    _weigh(1, heaviest, limits)
    return [Code.ERROR_CELL] * bool(errors) + [Code.MERGED_CELLS] * bool(spanned)


def _weigh(rows: int, columns: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise Unreadable(UnreadableCode.TOO_MANY_COLUMNS, f"The sheet has more than {limits.columns} columns.")
    if rows * columns > limits.workbook_cells:
        raise Unreadable(
            UnreadableCode.TOO_BIG, f"The sheet has more than {limits.workbook_cells:,} cells: save it as CSV."
        )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def as_typed(cell: Cell, decimal: Literal[".", ","]) -> str:
    """Return a cell as a person would have typed it: dates ISO, whole numbers whole, never 8,00E+12 for a card.

    Numbers past 2^53 have lost digits that nobody can give back: they stay in scientific notation, which cards refuse.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return _number(cell, decimal)
    if isinstance(cell, datetime):
        second = (cell + timedelta(microseconds=500_000)).replace(microsecond=0)
        return second.date().isoformat() if second.time() == time() else second.isoformat(" ")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return cell.isoformat()[:8] if isinstance(cell, time) else cell.isoformat()


def _number(number: float, decimal: Literal[".", ","]) -> str:
    if not abs(number) <= EXACT:
        return f"{float(number):.14E}"
    if number == int(number):
        return str(int(number))
    return format(Decimal(repr(number)), "f").replace(".", decimal)


def is_rounded(cell: Cell) -> bool:
    """Return whether a number has more digits than a spreadsheet keeps."""
    return isinstance(cell, float | int) and not -1e15 < cell < 1e15
