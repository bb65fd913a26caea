"""Letters as plain values: states, codes with their check character, and an address as the post wants it (D-P4)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class BatchState(StrEnum):
    PREPARING = "preparing"
    PREPARED = "prepared"
    POSTED = "posted"
    CANCELLED = "cancelled"
    """Given up before it was posted, or nobody was left to write to."""


class PieceState(StrEnum):
    READY = "ready"
    DROPPED = "dropped"
    """It left the batch before posting: the gate, a pause or a cancellation took it out."""
    POSTED = "posted"
    RETURNED = "returned"


class Window(StrEnum):
    """Where the envelope shows the address, seen from the front."""

    LEFT = "left"
    RIGHT = "right"


class ReturnReason(StrEnum):
    """Why the post brought a letter back."""

    UNKNOWN = "unknown"
    MOVED = "moved"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    DECEASED = "deceased"


class ReturnOutcome(StrEnum):
    """What one scanned code turned out to be."""

    NOTED = "noted"
    ALREADY_NOTED = "already_noted"
    MISREAD = "misread"
    """The check character does not fit."""
    NOT_OURS = "not_ours"
    NOT_POSTED = "not_posted"


MAX_PIECES = 5000
"""What one batch holds at most: what a printer takes in one go."""

PAUSED = "PAUSED"
"""The campaign or the stream of a letter waits, so the letter waits again too."""
GIVEN_UP = "GIVEN_UP"
"""The batch was cancelled; its letters wait again."""


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a figure, and no U."""
CODES = 32**7
_PLACE = {letter: place for place, letter in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def code_of(number: int) -> str:
    """Return the code of a number below `CODES`: seven characters and the one that checks them."""
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(30, -5, -5))
    return body + ALPHABET[-_luhn(body + "0") % 32]


def read_code(text: str) -> str | None:
    """Return a code as it is stored, however it was typed or scanned; None when the check character does not fit."""
    code = text.upper().translate(_MISREAD)
    if len(code) != 8 or not _PLACE.keys() >= set(code):
        return None
    return code if _luhn(code) % 32 == 0 else None


def show_code(code: str) -> str:
    """Return a code as people read it."""
    return f"{code[:4]}-{code[4:]}"


def _luhn(code: str) -> int:
    """Return the Luhn sum to the base 32: it tells every single wrong character and nearly every swap."""
    doubled = (_PLACE[letter] * (1 + place % 2) for place, letter in enumerate(reversed(code)))
    return sum(value // 32 + value % 32 for value in doubled)


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a piece goes to, as it was frozen."""

    name: str
    street: str
    postal_code: str
    city: str
    province: str
    country: str


def recipient_of(name: str, address: Mapping[str, str | None]) -> Recipient:
    """Return a name and a stored address as one recipient."""
    part = {key: " ".join((value or "").split()) for key, value in address.items()}
    return Recipient(
        name,
        part.get("street", ""),
        part.get("postal_code", "").upper(),
        part.get("city", ""),
        part.get("province", ""),
        part.get("country", "").upper() or "IT",
    )


_TOWN_FIRST = frozenset({"GB", "IE"})
"""There the code stands on a line of its own, under the town."""
_CODE_LAST = frozenset({"AU", "CA", "US"})


def address_lines(to: Recipient, *, home: str, abroad: str) -> list[str]:
    """Return the lines of an address, the town in capitals; abroad the country follows, in capitals too."""
    city, province = to.city.upper(), to.province.upper()
    if to.country in _TOWN_FIRST:
        town = [city, to.postal_code]
    elif to.country in _CODE_LAST:
        town = [_joined(city, province, to.postal_code)]
    else:
        # Only Italy writes the province; elsewhere the code says it.
        town = [_joined(to.postal_code, city, province if to.country == "IT" else "")]
    country = "" if to.country == home else abroad.upper()
    return [line for line in (to.name, to.street, *town, country) if line]


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


_MARKS = re.compile("[,/°'’]")
_STREET_WORDS = {
    "v": "via", "v.": "via", "vle": "viale", "v.le": "viale", "pza": "piazza", "pzza": "piazza", "p.za": "piazza",
    "p.zza": "piazza", "cso": "corso", "c.so": "corso", "lgo": "largo", "l.go": "largo", "str": "strada",
    "str.": "strada", "n": "", "n.": "", "nr": "", "nr.": "",
}  # fmt: skip


def household_of(to: Recipient, fold: Callable[[str], str]) -> str:
    """Return what two spellings of one letter box share; the names of those who live there are not part of it."""
    words = fold(_MARKS.sub(" ", to.street)).split()
    street = [_STREET_WORDS.get(word, word.strip(".")) for word in words]
    return "|".join((_joined(*street), to.postal_code.replace(" ", "") or fold(to.city), to.country))
