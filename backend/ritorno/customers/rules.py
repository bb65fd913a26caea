"""Who a customer is and what their data must look like (RULES B-11…B-21, C-22, C-23): enums and decisions on plain
values.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class SubjectType(StrEnum):
    PERSON = "PERSON"
    COMPANY = "COMPANY"


class Gender(StrEnum):
    FEMALE = "FEMALE"
    MALE = "MALE"
    OTHER = "OTHER"


class SpendingCapacity(StrEnum):
    """A band stated by staff; the one estimated from purchases lives in `scores`."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class AcquisitionSource(StrEnum):
    ORDER = "ORDER"
    QUESTIONNAIRE = "QUESTIONNAIRE"
    REGISTRATION = "REGISTRATION"
    CONTEST = "CONTEST"
    REQUEST = "REQUEST"
    LOYALTY = "LOYALTY"
    WARRANTY = "WARRANTY"
    STAFF = "STAFF"
    REVIEW = "REVIEW"
    WEB = "WEB"
    BROADCAST = "BROADCAST"
    FILE = "FILE"


class ContactKind(StrEnum):
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    POSTAL = "POSTAL"


class ContactLevel(StrEnum):
    """How sure we are that the address reaches this person (C-13)."""

    UNVERIFIED = "UNVERIFIED"
    DELIVERED_OK = "DELIVERED_OK"
    CONFIRMED = "CONFIRMED"


class IdentifierKind(StrEnum):
    CARD = "CARD"
    EXTERNAL = "EXTERNAL"
    FISCAL = "FISCAL"
    """The Italian tax code: one person, one code."""


class PairState(StrEnum):
    """What was decided of two cards that may be one person."""

    OPEN = "open"
    MERGED = "merged"
    DISTINCT = "distinct"
    SKIPPED = "skipped"
    STALE = "stale"
    """No longer found: a value changed, or a card left."""


class PairTier(StrEnum):
    """Whether a pair is sure enough to be merged without a person."""

    AUTOMATIC = "automatic"
    REVIEW = "review"


class MergeReason(StrEnum):
    """Who saw that two cards are one person."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"
    IMPORT = "import"


CARD_SOURCE = "card"
FISCAL_SOURCE = "IT"


def fold_name(*parts: str | None) -> str:
    """Return names as they are searched: one space between words, no accents, no case."""
    joined = " ".join(part for part in parts if part)
    if joined.isascii():
        return " ".join(joined.casefold().split())
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(mark))
    return " ".join(bare.casefold().split())


STAFF_SOURCE = "staff"
SELF_SOURCE = "self"
"""What the person typed on their own page."""

MAX_AGE = 120


class ReferenceKind(StrEnum):
    """How a transaction, a till or a search names a customer."""

    CUSTOMER_ID = "CUSTOMER_ID"
    CARD = "CARD"
    EXTERNAL = "EXTERNAL"
    EMAIL = "EMAIL"
    PHONE = "PHONE"


class Reference(NamedTuple):
    """One way to recognise one customer; `value` is normalised already, `source` is empty unless the kind is
    EXTERNAL.
    """

    kind: ReferenceKind
    source: str
    value: str

    @property
    def key(self) -> str:
        """Return the reference as one text, for what waits until somebody is recognised."""
        return f"{self.kind}:{self.source}:{self.value}"


class Change(NamedTuple):
    """What becomes of the contact points of one kind when a value is stated."""

    ended: tuple[UUID, ...]
    is_new: bool


class Standing(NamedTuple):
    """A current contact point, as far as a change needs to know it."""

    id: UUID
    match_key: str
    source: str
    is_primary: bool
    valid_from: datetime | None = None


def state_contact(standing: Iterable[Standing], match_key: str | None, source: str) -> Change:
    """Return which contact points end and whether a new one begins, when a source states its value for a kind (C-23).

    A value already current changes nothing. Another value ends what the same source had stated before, and begins
    unverified; what other
    sources stated stays. Staff speak for the main address whoever stated it. None takes the value back.
    """
    current = tuple(standing)
    if match_key is not None and any(point.match_key == match_key for point in current):
        return Change((), False)
    ended = tuple(
        point.id for point in current if point.source == source or (source == STAFF_SOURCE and point.is_primary)
    )
    return Change(ended, match_key is not None)


class LoadPolicy(StrEnum):
    """What a column of a file does to a value that is there already."""

    FILL = "fill"
    OVERWRITE = "overwrite"
    NEWEST = "newest"
    APPEND = "append"


class MatchRule(StrEnum):
    """An exact way to recognise a person, surest first."""

    EXTERNAL_ID = "external_id"
    CARD = "card"
    FISCAL_CODE = "fiscal_code"
    EMAIL = "email"
    PHONE = "phone"
    NAME_BIRTH = "name_birth"
    NAME_ADDRESS = "name_address"


class Named(NamedTuple):
    """What tells two people apart who share an address."""

    search_name: str
    birth_on: date | None


def is_same_person(rule: MatchRule, one: Named, other: Named, *, is_verified: bool) -> bool:
    """Tell whether two records that share what the rule looks at are one person (B-15).

    Different birth dates say no. The same name says yes, in any order of its words. Where one side has no name, only an
    address that was verified says yes. Two records without names are one if all they have is the same address.
    """
    if one.birth_on and other.birth_on and one.birth_on != other.birth_on:
        return False
    mine, theirs = sorted(one.search_name.split()), sorted(other.search_name.split())
    if mine and theirs:
        return mine == theirs
    if not mine and not theirs:
        return rule in {MatchRule.EMAIL, MatchRule.PHONE}
    return is_verified and rule in {MatchRule.EMAIL, MatchRule.PHONE}


def birth_problem(born: date, today: date) -> str | None:
    """Return why a birth date cannot be true, or None (B-18)."""
    if born > today:
        return "is in the future"
    if today.year - born.year > MAX_AGE:
        return f"is more than {MAX_AGE} years ago"
    return None


def age_on(born: date, day: date) -> int:
    """Return completed years; somebody born on 29 February completes them on the 28th of common years (DESIGN §7)."""
    birthday = (born.month, 28 if (born.month, born.day) == (2, 29) and not _is_leap(day.year) else born.day)
    return day.year - born.year - ((day.month, day.day) < birthday)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def age_band(born: date | None, day: date) -> str | None:
    """Return the band people are shown in, never the age itself."""
    if born is None:
        return None
    age = age_on(born, day)
    if age < 18:
        return "0–17"
    if age < 25:
        return "18–24"
    if age >= 75:
        return "75+"
    floor = (age - 25) // 10 * 10 + 25
    return f"{floor}–{floor + 9}"


def full_name(given_name: str | None, family_name: str | None) -> str:
    return " ".join(part for part in (given_name, family_name) if part)


_FISCAL_CODE = re.compile(r"\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_HEALTH = re.compile(
    r"\b(allergi\w*|intolleran\w*|celiac\w*|coeliac\w*|diabet\w*|incint\w*|gravidanz\w*|pregnan\w*|malatt\w*|malat[oaie]|"
    r"illness|disease|tumor\w*|cancer|cancro|chemio\w*|depress\w*|disabil\w*|invalidit\w*|epiless\w*|epilep\w*|hiv|"
    r"farmac[oi]|medicin\w*|terapi\w*|therap\w*|patologi\w*|ipertension\w*|asma|asthma|psoriasi\w*|eczem\w*)\b"
)


_MISSPELT = {
    "gmail.com": "gmial.com gmai.com gmal.com gamil.com gnail.com gmail.con gmail.co gmail.it gmail.cm",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotamil.com hotmail.con",
    "hotmail.it": "hotmial.it hotmal.it hotmai.it hotamil.it",
    "yahoo.it": "yaho.it yhaoo.it yaoo.it",
    "yahoo.com": "yaho.com yhaoo.com yahoo.con",
    "outlook.com": "outlok.com outloock.com outlook.con",
    "outlook.it": "outlok.it outloock.it",
    "libero.it": "libro.it liberp.it liber.it",
    "icloud.com": "iclod.com icoud.com icloud.con",
}
_MEANT = {wrong: right for right, spellings in _MISSPELT.items() for wrong in spellings.split()}


def suggest_email(value: str) -> str | None:
    """Return what a mistyped address probably meant, None when nothing is the matter; nobody changes it but a person
    (B-14).
    """
    local, _, domain = value.rpartition("@")
    meant = _MEANT.get(domain)
    return f"{local}@{meant}" if meant else None


class NoteWarning(StrEnum):
    """What a private note should rather not hold (C-22)."""

    HEALTH = "health"
    FISCAL_CODE = "fiscal-code"
    IBAN = "iban"


def note_warnings(body: str) -> list[NoteWarning]:
    """Return what a note seems to say that belongs elsewhere or nowhere; it is kept all the same, the author decides
    (C-22).
    """
    found = []
    if _HEALTH.search(fold_name(body)):
        found.append(NoteWarning.HEALTH)
    if _FISCAL_CODE.search(body.upper()):
        found.append(NoteWarning.FISCAL_CODE)
    if any(_is_iban(match.group().replace(" ", "")) for match in _IBAN.finditer(body.upper())):
        found.append(NoteWarning.IBAN)
    return found


def _is_iban(text: str) -> bool:
    """Tell a real IBAN from letters and digits that look like one, by its check digits (ISO 13616, mod 97)."""
    turned = text[4:] + text[:4]
    return 15 <= len(text) <= 34 and int("".join(str(int(mark, 36)) for mark in turned)) % 97 == 1
