"""What a file is, and how its first rows look: kind by its bytes (S-19), encoding, delimiter, header, dates (B-22)."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from ritorno.imports.reading.findings import Finding


class FileKind(StrEnum):
    """The kinds read. A zip holding exactly one of them, and nothing else, is read as that file."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may weigh; past any of them it is refused with `Unreadable` (B-23)."""

    file_bytes: int = 1_000_000_000
    unpacked_bytes: int = 2_000_000_000
    workbook_bytes: int = 600_000_000
    """Unpacked: a workbook is read in memory, a CSV is not."""
    ratio: int = 200
    entries: int = 2_000
    columns: int = 1_000


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
    raise NotImplementedError


def preview(path: Path, fmt: FileFormat, *, limits: Limits) -> Preview:
    """Return the columns and first rows under a format that a person corrected. Raises Unreadable."""
    raise NotImplementedError
