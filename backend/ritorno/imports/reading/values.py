"""What a cell means: text → value, or `Refused` with a code. Nothing is guessed: dates need their format (B-18), decimals
their mark; what was mended is told (B-47). Cells are stripped here; an empty cell is the caller's matter.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo


class ValueCode(StrEnum):
    """Why a cell was refused, or how it was mended."""

    BAD_DATE = "bad-date"
    """It does not have the declared format."""
    NO_SUCH_DAY = "no-such-day"
    """It has the format, and no such day exists: 29-02-2023."""
    BAD_TIME = "bad-time"
    BAD_NUMBER = "bad-number"
    BAD_BOOLEAN = "bad-boolean"
    BAD_GENDER = "bad-gender"
    ERROR_CELL = "error-cell"
    BAD_CHECK_DIGIT = "bad-check-digit"
    ROUNDED_NUMBER = "rounded-number"
    """8,00123E+12: the spreadsheet kept the rounding, not the number."""
    BAD_FISCAL_CODE = "bad-fiscal-code"
    # Mended
    LEADING_ZERO_LOST = "leading-zero-lost"


class Refused(ValueError):
    """A cell that does not mean what its column should."""

    def __init__(self, code: ValueCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Mended(NamedTuple):
    """A value, and how it was mended: to be reported, never silent."""

    value: str
    code: ValueCode | None


class FiscalCode(NamedTuple):
    """A valid Italian fiscal code and what it says of the person; `gender` is "MALE" or "FEMALE"."""

    code: str
    birth_on: date
    gender: Literal["MALE", "FEMALE"]


DATE_FORMATS = (
    "ISO", "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY/MM/DD", "DD-MM-YYYY", "MM-DD-YYYY", "DD.MM.YYYY", "DD/MM/YY",
    "MM/DD/YY", "DD.MM.YY", "DD-MM-YY", "YYYYMMDD", "DDMMYYYY", "D MONTH YYYY", "MONTH D, YYYY", "EXCEL1900", "EXCEL1904",
)  # fmt: skip
"""What may be declared for a column. Day and month may have one digit where a separator follows; a time after the date
is allowed and, for a date, dropped. MONTH is a name or its abbreviation, Italian or English."""


def parse_date(text: str, fmt: str, *, pivot: int = 30) -> date:
    """Return the date written in a declared format. Years of two digits up to `pivot` are 20xx, the others 19xx."""
    raise NotImplementedError


def parse_datetime(text: str, fmt: str, zone: ZoneInfo, *, pivot: int = 30) -> datetime:
    """Return the instant, in UTC, of a local date and time; without a time it is the start of that day in the zone."""
    raise NotImplementedError


def fitting_date_formats(texts: Sequence[str]) -> list[str]:
    """Return the formats in which every one of the texts is an existing day: none, one, or several when ambiguous.

    Excel's serial numbers are never proposed, and eight digits only when all their years are plausible.
    """
    raise NotImplementedError


def parse_decimal(text: str, decimal: Literal[".", ","]) -> Decimal:
    """Return the number: `1.234,56` under a comma, `1,234.56` under a point; with spaces, currency signs, a trailing
    minus or parentheses.
    """
    raise NotImplementedError


def parse_bool(text: str) -> bool:
    """Return a yes or a no, in Italian or English, x and 1 included."""
    raise NotImplementedError


def parse_gender(text: str) -> Literal["MALE", "FEMALE", "OTHER"]:
    """Return the gender of M, F, maschio, femmina, sig., sig.ra, Mr, Mrs…"""
    raise NotImplementedError


def is_error_cell(text: str) -> bool:
    """Return whether the cell is a spreadsheet's error (#N/A, #N/D, #RIF!…): refuse it in any mapped column."""
    raise NotImplementedError


def mend_postal_code(text: str, country: str) -> Mended:
    """Return the postal code; an Italian one that lost its first zeros gets them back, and says so."""
    raise NotImplementedError


def check_card(text: str, *, strict: bool = False) -> Mended:
    """Return the card number without spaces (B-47, S-24). Thirteen digits must have the right check digit; twelve become
    thirteen with a leading zero when that makes it right (`leading-zero-lost`). Other lengths are not EANs and are left
    alone; `strict` refuses them.
    """
    raise NotImplementedError


def check_fiscal_code(text: str) -> FiscalCode:
    """Return the code in upper case with the birth date and sex it states; omocodia is accepted."""
    raise NotImplementedError
