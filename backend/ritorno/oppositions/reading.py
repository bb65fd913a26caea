"""Reads the operator's answer: any separator, Italian or English headers, numbers in any spelling of the country."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from ritorno.customers.normalising import Refused, normalise_phone
from ritorno.kit.spreadsheets import as_meant
from ritorno.oppositions.errors import OppositionFileUnreadable
from ritorno.oppositions.rules import RowFault, column_of, read_status


class Answered(NamedTuple):
    """What the operator says of one number."""

    is_listed: bool
    since: date | None


class Answer(NamedTuple):
    """What a whole file says: the numbers once each, and the lines that could not be read."""

    numbers: dict[str, Answered]
    refused: list[tuple[int, RowFault]]
    rows_count: int


def read_answer(content: bytes, *, country: str, answered_on: date) -> Answer:
    """Read a file; refuse it when no column of numbers and outcomes can be found.

    A number that comes twice is listed if one of its rows says so, since the earliest date given.
    """
    lines = csv.reader(io.StringIO(_decoded(content), newline=""), delimiter=_delimiter(content))
    columns = _columns(lines)
    numbers: dict[str, Answered] = {}
    refused: list[tuple[int, RowFault]] = []
    rows_count = 0
    try:
        for row in lines:
            if not any(cell.strip() for cell in row):
                continue
            rows_count += 1
            found = _row(row, columns, country, answered_on)
            if isinstance(found, RowFault):
                refused.append((lines.line_num, found))
            else:
                number, answered = found
                numbers[number] = _stricter(numbers.get(number), answered)
    except csv.Error as error:
        raise OppositionFileUnreadable(f"The file breaks off near line {lines.line_num}.") from error
    return Answer(numbers, refused, rows_count)


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise OppositionFileUnreadable("This is not a text file. Send the operator's CSV.")
    return text


def _delimiter(content: bytes) -> str:
    first = _decoded(content[:4096]).lstrip().splitlines()
    return max(";,\t|", key=first[0].count) if first else ";"


def _columns(lines: Iterator[list[str]]) -> dict[str, int]:
    """Return where number, outcome and date stand; titles above the header are passed over."""
    for _, row in zip(range(20), lines, strict=False):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = column_of(cell)
            if name is not None:
                found.setdefault(name, place)
        if {"number", "status"} <= found.keys():
            return found
    raise OppositionFileUnreadable("No header names a number and an outcome (`numero`, `esito`; `number`, `status`).")


def _row(row: list[str], columns: dict[str, int], country: str, answered_on: date) -> tuple[str, Answered] | RowFault:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
    written = as_meant(cells["number"]).removeprefix("=").strip("\"' ")
    if not written:
        return RowFault.NO_NUMBER
    try:
        number = normalise_phone(written, country).e164
    except Refused:
        return RowFault.BAD_PHONE
    is_listed = read_status(cells["status"])
    if is_listed is None:
        return RowFault.UNKNOWN_STATUS
    since = None
    if is_listed and (text := cells.get("since", "")):
        since = _day(text)
        if since is None or since > answered_on:
            return RowFault.BAD_DATE
    return number, Answered(is_listed, since)


_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d")


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text[:10].strip(), form).date()  # noqa: DTZ007 – a day has no zone
        except ValueError:
            continue
    return None


def _stricter(known: Answered | None, answered: Answered) -> Answered:
    if known is None or known.is_listed < answered.is_listed:
        return answered
    if known.is_listed > answered.is_listed:
        return known
    dates = [each for each in (known.since, answered.since) if each is not None]
    return Answered(known.is_listed, min(dates, default=None))
