"""A value as a person reads it, and as a spreadsheet may hold it: days in words, money with its currency, codes as
what they mean.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ritorno.kit.dates import long_date
from ritorno.kit.money import to_text
from ritorno.privacy.packs.words import CODED, CODES, NAMES, SECTIONS, frame

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")

Row = Mapping[str, Any]


class Reader(NamedTuple):
    """For whom values are put into words."""

    language: str
    zone: str
    currency: str


def told(key: str, value: Any, row: Row, reader: Reader) -> str:
    """Return one value in words; an absent one is empty."""
    if value is None and key in _FOR_ALL:
        return frame(_FOR_ALL[key], reader.language)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return frame("yes" if value else "no", reader.language)
    if key.endswith("_minor"):
        return _money(int(value), str(row.get("currency") or reader.currency), reader.language)
    if key == "chance_of_returning":
        return f"{float(value) * 100:.0f} %"
    if isinstance(value, int | float | Decimal):
        return _number(value, reader.language)
    if isinstance(value, Mapping):
        return _of_language(value, reader) or "; ".join(
            f"{name}: {told(name, inner, row, reader)}" for name, inner in value.items()
        )
    if isinstance(value, list | tuple):
        return "; ".join(told(key, each, row, reader) for each in value)
    return _text(key, str(value), reader)


_FOR_ALL = {"category": "whole", "channel": "any"}
"""Columns where nothing said means everything."""


def _text(key: str, text: str, reader: Reader) -> str:
    if _DAY.fullmatch(text):
        return long_date(date.fromisoformat(text), reader.language)
    if _MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        local = moment.astimezone(ZoneInfo(reader.zone)) if moment.tzinfo else moment
        return f"{long_date(local.date(), reader.language)}, {local:%H:%M}"
    if key in NAMES and text in NAMES[key]:
        return NAMES[key][text].in_(reader.language)
    if key == "what" and text in SECTIONS:
        return SECTIONS[text].title.in_(reader.language)
    return CODES[text].in_(reader.language) if key in CODED and text in CODES else text


def _of_language(value: Mapping[str, Any], reader: Reader) -> str | None:
    """Return the reader's side of a text that was written in several languages."""
    if value and set(value) <= {"it", "en"}:
        return str(value.get(reader.language) or next(iter(value.values())))
    return None


def _money(minor: int, currency: str, language: str) -> str:
    amount = to_text(minor, currency)
    sign = {"EUR": "€"}.get(currency, currency)
    return f"{amount.replace('.', ',')} {sign}" if language == "it" else f"{sign} {amount}"


def _number(value: float | Decimal, language: str) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if language == "it" else text


def for_machines(value: Any) -> Any:
    """Return a value that JSON can hold without losing anything."""
    if isinstance(value, Mapping):
        return {str(name): for_machines(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [for_machines(each) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def cell(value: Any) -> str:
    """Return a value as one cell of a table for machines: nothing for nothing, lists joined by a bar."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " | ".join(cell(each) for each in value)
    if isinstance(value, dict):
        return " | ".join(f"{name}: {cell(inner)}" for name, inner in value.items())
    return str(value)
