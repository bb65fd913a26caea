"""A section as it is read on a page or on paper: which columns, how many rows, every value in words."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ritorno.privacy.packs.spooling import Book, Spooled
from ritorno.privacy.packs.values import told
from ritorno.privacy.packs.words import frame, label, section_of

_HIDDEN = frozenset({"id", "logic", "text", "currency", "filled_in"})
"""Columns for machines, or told elsewhere on the page."""
NUMBERS = ("_minor", "quantity", "times", "points", "purchases", "returns", "days_with_a_visit", "row", "line", "score")


def columns_of(section: Spooled) -> list[str]:
    """Return the columns worth showing: those meant for reading that hold something."""
    wanted = section_of(section.code).columns or [name for name in section.columns if name not in _HIDDEN]
    return [name for name in wanted if name in section.filled and not name.endswith("_id")]


def is_number(column: str) -> bool:
    """Tell whether a column is read from the right."""
    return column.endswith(NUMBERS[0]) or column in NUMBERS


def rows_of(book: Book, section: Spooled, columns: list[str], most: int) -> Iterator[list[str]]:
    """Return the first rows in words."""
    for row in islice(section.rows(), most):
        yield [told(name, row.get(name), row, book.reader) for name in columns]


def labels_of(columns: list[str], language: str) -> list[str]:
    names = [label(name, language) for name in columns]
    return [name[:1].upper() + name[1:] for name in names]


class Text(NamedTuple):
    """A text the person was shown, once, however often they answered it."""

    title: str
    body: str


def texts_of(book: Book, section: Spooled) -> list[Text]:
    """Return the exact words behind the consents."""
    language, found = book.reader.language, dict[tuple[str, str], Text]()
    for row in section.rows() if "text" in section.filled else ():
        if row.get("text"):
            version = frame("version", language, number=row.get("notice_version"))
            key = (str(row.get("notice")), str(row["text"]))
            found.setdefault(key, Text(f"{row.get('notice')} · {version}", str(row["text"])))
    return list(found.values())
