"""Rows on their way into a pack: one file of lines for each section, read again for every form they are laid out in."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from ritorno.kit.spreadsheets import neutral
from ritorno.privacy.packs.values import Reader, cell, for_machines
from ritorno.privacy.packs.words import ORDER
from ritorno.privacy.rules import PackKind


class Spooled(NamedTuple):
    """One section on disk: its columns in the order they came, which of them ever held something, how many rows."""

    code: str
    path: Path
    columns: tuple[str, ...]
    filled: frozenset[str]
    size: int

    def rows(self) -> Iterator[dict[str, Any]]:
        """Read the rows again, one at a time."""
        with self.path.open("rb") as file:
            for line in file:
                yield orjson.loads(line)


class Book(NamedTuple):
    """A pack as every form of it needs it."""

    kind: PackKind
    name: str
    shop: str
    address: str
    contact: str
    copy_number: int
    made_at: datetime
    reader: Reader
    sections: Sequence[Spooled] = ()

    def file_of(self, section: Spooled) -> str:
        """Return where a section's table lies in the archive."""
        return f"csv/{section.code}.csv"


class Spool:
    """Writes rows as they come, whatever the order of sections."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._columns: dict[str, dict[str, bool]] = {}
        self._counts: dict[str, int] = {}

    def add(self, section: str, row: Mapping[str, Any]) -> None:
        if section not in self._files:
            self._files[section] = (self._folder / f"{section}.ndjson").open("wb")
            self._columns[section], self._counts[section] = {}, 0
        said = for_machines(row)
        for name, value in said.items():
            self._columns[section][name] = self._columns[section].get(name, False) or value not in (None, "", [], {})
        self._counts[section] += 1
        self._files[section].write(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def sections(self) -> list[Spooled]:
        """Return what was written, in the order in which people are told."""
        ordered = sorted(self._files, key=lambda code: (ORDER.get(code, len(ORDER)), code))
        return [
            Spooled(
                code,
                self._folder / f"{code}.ndjson",
                tuple(self._columns[code]),
                frozenset(name for name, is_filled in self._columns[code].items() if is_filled),
                self._counts[code],
            )
            for code in ordered
        ]


def write_csvs(book: Book, folder: Path) -> None:
    """Write one table for each section: every cell quoted, none that a spreadsheet would run (S-18)."""
    for section in book.sections:
        with (folder / f"{section.code}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
            table.writerow(section.columns)
            table.writerows([neutral(cell(row.get(name))) for name in section.columns] for row in section.rows())


def write_json(book: Book, file: BinaryIO) -> None:
    """Write everything as one JSON object, row by row."""
    about = {"kind": book.kind, "shop": book.shop, "made_at": book.made_at.isoformat(), "copy": book.copy_number}
    file.write(b'{"about":' + orjson.dumps(about) + b',"sections":{')
    for place, section in enumerate(book.sections):
        file.write((b"," if place else b"") + orjson.dumps(section.code) + b":[")
        for number, row in enumerate(section.rows()):
            file.write((b",\n" if number else b"\n") + orjson.dumps(row))
        file.write(b"\n]")
    file.write(b"}}\n")
