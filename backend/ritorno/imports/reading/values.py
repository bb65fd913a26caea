"""What a cell means: text → value, or `Refused` with a code. Nothing is guessed: a date needs its format (B-18), a
number its mark; what was mended is told (B-47). Cells are stripped here; an empty cell is the caller's matter.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo


class ValueCode(StrEnum):
    """Why a cell was refused, how it was mended, or what it contradicts."""

    BAD_DATE = "bad-date"
    """It does not have the declared format."""
    NO_SUCH_DAY = "no-such-day"
    """It has the format, and no such day exists: 29-02-2023."""
    BAD_TIME = "bad-time"
    BAD_NUMBER = "bad-number"
    BAD_BOOLEAN = "bad-boolean"
    BAD_GENDER = "bad-gender"
    ERROR_CELL = "error-cell"
    BAD_CARD = "bad-card"
    BAD_CHECK_DIGIT = "bad-check-digit"
    ROUNDED_NUMBER = "rounded-number"
    """8,00123E+12: the spreadsheet kept the rounding, not the number."""
    BAD_FISCAL_CODE = "bad-fiscal-code"
    LEADING_ZERO_LOST = "leading-zero-lost"
    FISCAL_BIRTH_DIFFERS = "fiscal-birth-differs"
    FISCAL_GENDER_DIFFERS = "fiscal-gender-differs"


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


Sex = Literal["MALE", "FEMALE"]


# ── dates and times ───────────────────────────────────────────────────────────────────────────────────────────────────

_FOUR, _TWO, _DAY, _MONTH = "(?P<y>[0-9]{4})", "(?P<y>[0-9]{2})", "(?P<d>[0-9]{1,2})", "(?P<m>[0-9]{1,2})"
_NAME = r"(?P<name>[^\W\d_]{3,9})\.?"
_TIME = (
    r"(?:(?:T|,?\s+)(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SHAPES = {
    "ISO": "(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})",
    "YYYY-MM-DD": f"{_FOUR}-{_MONTH}-{_DAY}",
    "DD/MM/YYYY": f"{_DAY}/{_MONTH}/{_FOUR}",
    "MM/DD/YYYY": f"{_MONTH}/{_DAY}/{_FOUR}",
    "YYYY/MM/DD": f"{_FOUR}/{_MONTH}/{_DAY}",
    "DD-MM-YYYY": f"{_DAY}-{_MONTH}-{_FOUR}",
    "MM-DD-YYYY": f"{_MONTH}-{_DAY}-{_FOUR}",
    "DD.MM.YYYY": rf"{_DAY}\.{_MONTH}\.{_FOUR}",
    "DD/MM/YY": f"{_DAY}/{_MONTH}/{_TWO}",
    "MM/DD/YY": f"{_MONTH}/{_DAY}/{_TWO}",
    "DD-MM-YY": f"{_DAY}-{_MONTH}-{_TWO}",
    "DD.MM.YY": rf"{_DAY}\.{_MONTH}\.{_TWO}",
    "YYYYMMDD": "(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    "DDMMYYYY": "(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})",
    "D MONTH YYYY": rf"{_DAY}[°º.]?[\s/-]*{_NAME},?[\s/-]*{_FOUR}",
    "MONTH D, YYYY": rf"{_NAME}\s*{_DAY}(?:st|nd|rd|th)?,?\s+{_FOUR}",
}
_PATTERNS = {fmt: re.compile(shape + _TIME) for fmt, shape in _SHAPES.items()}
_SERIAL = re.compile(r"(?P<day>[0-9]{1,7})(?:[.,](?P<part>[0-9]+))?")

DATE_FORMATS = (*_SHAPES, "EXCEL1900", "EXCEL1904")
"""What may be declared for a column. Day and month may have one digit where a separator follows; a time after the date
is allowed and, for a date, dropped. MONTH is a name or its abbreviation, Italian or English; EXCEL… are serial numbers
of days."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "gennaio gen january jan", "febbraio feb february", "marzo mar march", "aprile apr april",
            "maggio mag may", "giugno giu june jun", "luglio lug july jul", "agosto ago august aug",
            "settembre set sett september sep sept", "ottobre ott october oct", "novembre nov november",
            "dicembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def parse_date(text: str, fmt: str, *, pivot: int = 30) -> date:
    """Return the date written in a declared format. Years of two digits up to `pivot` are 20xx, the others 19xx."""
    if fmt.startswith("EXCEL"):
        return _serial(text, fmt).date()
    return _day(_matched(text, fmt), text, fmt, pivot)


def parse_datetime(text: str, fmt: str, zone: ZoneInfo, *, pivot: int = 30) -> datetime:
    """Return the instant, in UTC, of a local date and time; a day without a time begins at its midnight in the zone.

    An offset written in the cell outranks the zone.
    """
    if fmt.startswith("EXCEL"):
        return _serial(text, fmt).replace(tzinfo=zone).astimezone(UTC)
    found = _matched(text, fmt)
    day = _day(found, text, fmt, pivot)
    local = datetime.combine(day, _time(found, text), tzinfo=zone)
    offset = found["offset"]
    if offset:
        local = datetime.combine(day, local.time(), tzinfo=UTC)
        if offset != "Z":
            ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
            local += ahead if offset[0] == "-" else -ahead
    return local.astimezone(UTC)


def fitting_date_formats(texts: Sequence[str]) -> list[str]:
    """Return the formats in which every one of the texts is an existing day: none, one, or several when ambiguous.

    Never proposed: serial numbers of Excel, "ISO" (said of real date cells only), eight digits of implausible years.
    """
    return [fmt for fmt in _SHAPES if fmt != "ISO" and texts and all(_fits(text, fmt) for text in texts)]


def _matched(text: str, fmt: str) -> re.Match[str]:
    found = _PATTERNS[fmt].fullmatch(text.strip())
    if found is None:
        raise Refused(ValueCode.BAD_DATE, f"is not a date written as {fmt}")
    return found


def _day(found: re.Match[str], text: str, fmt: str, pivot: int) -> date:
    year = int(found["y"])
    if len(found["y"]) == 2:
        year += 2000 if year <= pivot else 1900
    if "MONTH" in fmt:
        month = _MONTHS.get(found["name"].casefold())
        if month is None:
            raise Refused(ValueCode.BAD_DATE, "names no month")
    else:
        month = int(found["m"])
    try:
        return date(year, month, int(found["d"]))
    except ValueError:
        raise Refused(ValueCode.NO_SUCH_DAY, f"is a day that does not exist, read as {fmt}") from None


def _time(found: re.Match[str], text: str) -> time:
    if found["hour"] is None:
        return time()
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Refused(ValueCode.BAD_TIME, "has a time that does not exist")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise Refused(ValueCode.BAD_TIME, "has a time that does not exist") from None


def _serial(text: str, fmt: str) -> datetime:
    """Return the day of a serial number. Excel's 1900 has a 29 February that never was: number 60 is no day, and those
    before it begin one day later.
    """
    found = _SERIAL.fullmatch(text.strip())
    if found is None:
        raise Refused(ValueCode.BAD_DATE, "is not a day number of Excel")
    days = int(found["day"])
    if fmt == "EXCEL1904":
        start = datetime(1904, 1, 1)  # noqa: DTZ001 - a spreadsheet's day has no zone
    elif days == 60 or days == 0:
        raise Refused(ValueCode.NO_SUCH_DAY, "is a day number of no day")
    else:
        start = datetime(1899, 12, 30 if days > 60 else 31)  # noqa: DTZ001
    if days > 2_958_465:
        raise Refused(ValueCode.NO_SUCH_DAY, "is a day after the year 9999")
    seconds = round(float(f"0.{found['part'] or 0}") * 86_400)
    return start + timedelta(days=days, seconds=seconds)


def _fits(text: str, fmt: str) -> bool:
    try:
        day = parse_date(text, fmt)
    except Refused:
        return False
    return "/" in fmt or "-" in fmt or "." in fmt or " " in fmt or 1900 <= day.year < 2100


# ── numbers and choices ───────────────────────────────────────────────────────────────────────────────────────────────

_NUMBERS = {
    mark: re.compile(rf"(?:[0-9]+|[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+)?(?:[{mark}](?P<part>[0-9]+))?")
    for mark, thousands in ((",", r"[.'’ ]"), (".", r"[,'’ ]"))
}
_CURRENCY = re.compile(r"^(?:€|\$|£|EUR|USD|GBP|CHF)\s*|\s*(?:€|\$|£|EUR|USD|GBP|CHF)$", re.IGNORECASE)
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\t", " ") | {"−": "-", "–": "-"})


def parse_decimal(text: str, decimal: Literal[".", ","]) -> Decimal:
    """Return the number: `1.234,56` under a comma, `1,234.56` under a point; with spaces, currency signs, a trailing
    minus or parentheses. Thousands must be in threes: `1.23` under a comma is refused, not read as 123.
    """
    bare = text.translate(_BLANKS).strip()
    if bare.isascii() and bare.isdigit():
        return Decimal(bare)
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1].strip()
    bare = _CURRENCY.sub("", bare).strip()
    signs = bare[:1] if bare[:1] in {"-", "+"} else bare[-1:] if bare[-1:] == "-" else ""
    if signs:
        bare = bare[1:] if bare[0] == signs else bare[:-1]
        bare = _CURRENCY.sub("", bare.strip()).strip()
    found = _NUMBERS[decimal].fullmatch(bare)
    if found is None or not bare or (signs and negative):
        raise Refused(ValueCode.BAD_NUMBER, f"is not a number whose decimals follow a {_SPOKEN[decimal]}")
    part = found["part"]
    whole = "".join(mark for mark in (bare[: -len(part) - 1] if part else bare) if mark.isdigit())
    number = Decimal(f"{whole or 0}.{part}" if part else whole)
    return -number if negative or signs == "-" else number


_SPOKEN = {",": "comma", ".": "point"}
_YES = frozenset({
    "sì", "si", "s", "yes", "y", "x", "1", "true", "t", "vero", "v", "ok", "on", "✓", "✔", "accetto", "consento",
})  # fmt: skip
_NO = frozenset({
    "no", "n", "0", "false", "f", "falso", "off", "✗", "✘", "rifiuto", "nego",
})  # fmt: skip


def parse_bool(text: str) -> bool:
    """Return a yes or a no, in Italian or English, x and 1 included."""
    word = text.strip().casefold()
    if word in _YES or word == "si'" or word == "si`":
        return True
    if word in _NO:
        return False
    raise Refused(ValueCode.BAD_BOOLEAN, "is neither a yes nor a no")


_FEMALE = frozenset({
    "f", "femmina", "femminile", "donna", "female", "woman", "signora", "signorina", "sigra", "signa", "dssa",
    "dottssa", "mrs", "ms", "miss", "sra", "ra",
})  # fmt: skip
_MALE = frozenset({
    "m", "maschio", "maschile", "uomo", "male", "man", "signor", "signore", "sig", "mr", "sr",
})  # fmt: skip
_OTHER = frozenset({
    "altro", "other", "x", "nonbinario", "nonbinary", "nb", "diverso",
})  # fmt: skip


def parse_gender(text: str) -> Literal["MALE", "FEMALE", "OTHER"]:
    """Return the gender of M, F, maschio, femmina, sig., sig.ra, Mr, Mrs…"""
    word = "".join(mark for mark in text.casefold() if mark.isalpha())
    if word in _FEMALE:
        return "FEMALE"
    if word in _MALE:
        return "MALE"
    if word in _OTHER:
        return "OTHER"
    raise Refused(ValueCode.BAD_GENDER, "says neither M nor F")


_ERRORS = frozenset({
    "#N/A", "#N/D", "#REF!", "#RIF!", "#VALUE!", "#VALORE!", "#DIV/0!", "#NAME?", "#NOME?", "#NULL!", "#NULLO!",
    "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#ESPANSIONE!",
})  # fmt: skip


def is_error_cell(text: str) -> bool:
    """Return whether the cell is a spreadsheet's error (#N/A, #N/D, #RIF!…): refuse it in any mapped column."""
    return text[:1] == "#" and text.strip().upper() in _ERRORS


# ── codes and numbers of people ───────────────────────────────────────────────────────────────────────────────────────

_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)


def mend_postal_code(text: str, country: str) -> Mended:
    """Return the postal code; an Italian one that lost its first zeros gets them back, and says so (B-47)."""
    bare = text.strip().upper()
    if country == "IT" and bare.isascii() and bare.isdigit() and 2 < len(bare) < 5:
        return Mended(bare.zfill(5), ValueCode.LEADING_ZERO_LOST)
    return Mended(bare, None)


def check_card(text: str, *, strict: bool = False) -> Mended:
    """Return the card number without blanks (B-47, S-24). Thirteen digits must have the right check digit; twelve
    become thirteen with a leading zero when that makes it right (`leading-zero-lost`). Other cards are not EANs and
    are left alone; `strict` refuses them.
    """
    bare = "".join(text.split())
    if _ROUNDED.fullmatch(bare):
        raise Refused(
            ValueCode.ROUNDED_NUMBER, "was rounded by a spreadsheet: format the column as text and save again"
        )
    if bare.isascii() and bare.isdigit():
        if len(bare) == 13:
            if bare[-1] != check_digit(bare[:-1]):
                raise Refused(ValueCode.BAD_CHECK_DIGIT, "is an EAN-13 whose check digit is wrong")
            return Mended(bare, None)
        if len(bare) == 12 and bare[-1] == check_digit("0" + bare[:-1]):
            return Mended("0" + bare, ValueCode.LEADING_ZERO_LOST)
    if strict:
        raise Refused(ValueCode.BAD_CARD, "is not an EAN-13")
    return Mended(bare, None)


def check_digit(twelve: str) -> str:
    """Return the thirteenth digit of an EAN-13 (S-24)."""
    total = sum(map(int, twelve[0::2])) + 3 * sum(map(int, twelve[1::2]))
    return str(-total % 10)


class FiscalCode(NamedTuple):
    """A valid Italian fiscal code and what it says of the person. The code has the year's last two digits only:
    `birth_on` is the latest such day that is not in the future.
    """

    code: str
    birth_on: date
    gender: Sex


_FISCAL = re.compile(
    r"[A-Z]{6}(?P<y>[0-9LMNP-V]{2})(?P<m>[ABCDEHLMPRST])(?P<d>[0-9LMNP-V]{2})(?P<place>[A-Z][0-9LMNP-V]{3})[A-Z]"
)
_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")


def check_fiscal_code(text: str, *, today: date) -> FiscalCode:
    """Return the code in upper case with the birth date and sex it states; omocodia is accepted.

    Its letters and place are the library's; its full decoding lists 127 spellings of each code and takes a
    millisecond, so it is not asked for.
    """
    code = "".join(text.split()).upper()
    found = _FISCAL.fullmatch(code)
    if found is None:
        raise Refused(ValueCode.BAD_FISCAL_CODE, "does not have the letters and digits of a fiscal code")
    control, places = _fiscal_tables()
    if control(code) != code[-1]:
        raise Refused(ValueCode.BAD_FISCAL_CODE, "ends with the wrong letter")
    if found["place"][0] + found["place"][1:].translate(_OMOCODIA) not in places:
        raise Refused(ValueCode.BAD_FISCAL_CODE, "names a birthplace that does not exist")
    day = int(found["d"].translate(_OMOCODIA))
    gender: Sex = "FEMALE" if day > 40 else "MALE"
    birth_on = _latest(int(found["y"].translate(_OMOCODIA)), "ABCDEHLMPRST".index(found["m"]) + 1, day % 40, today)
    if birth_on is None:
        raise Refused(ValueCode.BAD_FISCAL_CODE, "names a birthday that does not exist")
    return FiscalCode(code, birth_on, gender)


def compare_fiscal_code(fiscal: FiscalCode, *, birth_on: date | None, gender: str | None) -> list[ValueCode]:
    """Return what the person's own data and the code say differently; the century is not in the code."""
    differs = []
    if birth_on and (birth_on.year % 100, birth_on.month, birth_on.day) != (
        fiscal.birth_on.year % 100,
        fiscal.birth_on.month,
        fiscal.birth_on.day,
    ):
        differs.append(ValueCode.FISCAL_BIRTH_DIFFERS)
    if gender in {"MALE", "FEMALE"} and gender != fiscal.gender:
        differs.append(ValueCode.FISCAL_GENDER_DIFFERS)
    return differs


def _latest(year: int, month: int, day: int, today: date) -> date | None:
    """Return the last such day up to today; a 29 February may be a century further back than the others."""
    for century in range(today.year // 100 * 100, 1800, -100):
        try:
            found = date(century + year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None


@cache
def _fiscal_tables() -> tuple[Callable[[str], str], frozenset[str]]:
    """Return the library's control letter and its places, read when first needed: they are megabytes."""
    from codicefiscale import codicefiscale, data  # noqa: PLC0415

    places = data.get_municipalities_data() + data.get_countries_data()
    return codicefiscale.encode_cin, frozenset(place["code"] for place in places)
