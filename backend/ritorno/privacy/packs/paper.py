"""The pack as values for its printed form; long lists are cut where the page is, and the tables hold the rest."""

from typing import Any
from zoneinfo import ZoneInfo

from ritorno.kit.dates import long_date
from ritorno.privacy.packs.page import lead_of
from ritorno.privacy.packs.reading import columns_of, is_number, labels_of, rows_of, texts_of
from ritorno.privacy.packs.spooling import Book, Spooled
from ritorno.privacy.packs.words import RIGHTS, frame, section_of

MOST_ROWS = 200
"""Paper is for reading; two hundred rows are six pages."""


def paper_values(book: Book) -> dict[str, Any]:
    """Return what `pack.typ` prints."""
    language = book.reader.language
    day = long_date(book.made_at.astimezone(ZoneInfo(book.reader.zone)).date(), language)
    return {
        "title": frame(book.kind, language, shop=book.shop),
        "language": language,
        "shop": {"name": book.shop, "address": book.address},
        "footer": frame("footer", language, shop=book.shop, day=day),
        "name": book.name,
        "lead": lead_of(book, day),
        "sections": [_section(book, section) for section in book.sections],
        "texts_title": frame("texts", language),
        "rights_title": frame("rights", language),
        "rights": [sentence.format(contact=book.contact) for sentence in RIGHTS[language]],
    }


def _section(book: Book, section: Spooled) -> dict[str, Any]:
    language, words = book.reader.language, section_of(section.code)
    columns = columns_of(section) if words.is_listed else []
    if not words.is_listed:
        more = frame("only_file", language, count=section.size, file=book.file_of(section))
    elif section.size > MOST_ROWS:
        more = frame("more", language, shown=MOST_ROWS, count=section.size, file=book.file_of(section))
    else:
        more = ""
    return {
        "title": words.title.in_(language),
        "intro": words.intro.in_(language),
        "is_prose": words.is_prose,
        "is_list": section.size == 1 and len(columns) > 3,
        "columns": labels_of(columns, language),
        "numbers": [is_number(name) for name in columns],
        "rows": list(rows_of(book, section, columns, MOST_ROWS)) if columns else [],
        "more": more,
        "texts": [text._asdict() for text in texts_of(book, section)],
    }
