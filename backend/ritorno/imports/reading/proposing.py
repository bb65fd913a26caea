"""Which field a column may be, from its header (Italian and English, abbreviated as tills do) and from its values."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from ritorno.imports.reading.formats import Column
from ritorno.imports.reading.values import check_digit, parse_date
from ritorno.imports.reading.vocabulary import NAMES


class Proposal(NamedTuple):
    """A field for a column, how sure (0…1), and what it was recognised by."""

    field: str
    confidence: float
    because: Literal["header", "values"]


FIELDS: Mapping[str, tuple[str, ...]] = {
    "customers": (
        "external_id", "card", "fiscal_code", "given_name", "family_name", "full_name", "company_name", "birth_on",
        "gender", "language", "email", "phone", "phone_2", "street", "postal_code", "city", "province", "country",
        "tags", "interests", "note", "home_store", "first_contact_on", "acquisition_source", "spending_capacity",
        "changed_on", "consent_email", "consent_sms", "consent_phone", "consent_post", "consent_profiling",
        "consent_on", "consent_text", "consent_evidence",
    ),
    "consents": (
        "external_id", "card", "email", "phone", "purpose", "channel", "answer", "occurred_on", "notice", "evidence",
    ),
    "transactions": (
        "receipt", "occurred_on", "occurred_time", "store", "card", "customer_id", "email", "phone", "sku",
        "product_name", "category", "brand", "quantity", "unit_price", "discount", "total", "channel", "payment",
        "reason", "given_name", "family_name",
    ),
    "products": (
        "sku", "name", "category", "brand", "kind", "is_own", "similarity_group", "usual_interval_days",
    ),
    "stores": ("code", "name", "city", "timezone"),
    "balances": ("card", "points", "as_of", "amount"),
    "suppressions": ("channel", "email", "phone", "value", "reason", "since"),
}  # fmt: skip
"""The fields of each kind of import."""


_KINDS_OWN: Mapping[str, tuple[str, ...]] = {
    "suppressions": ("reason", "since", "value"),
    "consents": ("purpose", "channel", "answer"),
    "transactions": ("receipt", "occurred_on", "total", "quantity", "unit_price", "sku"),
    "balances": ("points", "as_of", "amount"),
    "products": ("sku", "name", "category", "brand", "kind"),
    "stores": ("code", "name", "city", "timezone"),
    "customers": (
        "given_name",
        "family_name",
        "full_name",
        "birth_on",
        "email",
        "phone",
        "street",
        "postal_code",
        "card",
    ),
}
"""The fields that tell the kinds apart."""

_NOISE = frozenset({"del", "della", "dello", "dei", "di", "il", "la", "lo", "cliente", "the", "of", "customer"})


def propose(kind: str, columns: Sequence[Column]) -> dict[int, Proposal]:
    """Return a field for each column that seems to have one; each field at most once, headers before values."""
    found = _by_header(kind, columns)
    taken = {proposal.field for proposal in found.values()}
    for column in columns:
        if column.index not in found:
            for field, confidence in _by_values(kind, column):
                if field not in taken:
                    found[column.index] = Proposal(field, confidence, "values")
                    taken.add(field)
                    break
    return dict(sorted(found.items()))


def propose_kind(columns: Sequence[Column]) -> str | None:
    """Return the kind of import these columns seem made for, or None: the kind that explains most of the headers, and
    of those the one with more of its own fields.
    """
    best, most = None, (1.0, 0)
    for kind, own in _KINDS_OWN.items():
        found = _by_header(kind, columns)
        telling = sum(proposal.field in own for proposal in found.values())
        sure = sum(proposal.confidence for proposal in found.values())
        if telling >= 2 and (round(sure, 3), telling) > most:
            best, most = kind, (round(sure, 3), telling)
    return best


def _by_header(kind: str, columns: Sequence[Column]) -> dict[int, Proposal]:
    """Return the best pairs of column and field, the surest first."""
    pairs = sorted(
        (-confidence, column.index, place, field)
        for column in columns
        for place, field in enumerate(FIELDS[kind])
        if (confidence := _likeness(column.name, field)) > 0
    )
    found: dict[int, Proposal] = {}
    taken: set[str] = set()
    for confidence, index, _, field in pairs:
        if index not in found and field not in taken:
            found[index] = Proposal(field, -confidence, "header")
            taken.add(field)
    return found


def _likeness(header: str, field: str) -> float:
    """Return how sure a header names a field: the whole of it, all but noise, or some of its words."""
    words = _folded(header)
    if not words:
        return 0.0
    whole, spare = " ".join(words), [word for word in words if word not in _NOISE and not word.isdigit()]
    best = 0.9 if whole == field.replace("_", " ") else 0.0
    for place, (name, is_guess) in enumerate(_names(field)):
        first = 0.03 if place == 0 else 0.02 if place < 8 else 0.0
        if whole == name or "".join(words) == name.replace(" ", ""):
            likeness = 0.6 if is_guess else 0.95 + first
        elif is_guess:
            continue
        elif spare == [word for word in name.split() if word not in _NOISE]:
            likeness = 0.85 + first
        elif len(name) > 3 and set(name.split()) < set(words):
            likeness = 0.5 + 0.05 * len(name.split()) + first
        else:
            continue
        best = max(best, likeness)
    return round(best, 3)


@cache
def _names(field: str) -> tuple[tuple[str, bool], ...]:
    return tuple((name.removeprefix("~"), name.startswith("~")) for name in NAMES[field].split(", "))


def _folded(header: str) -> list[str]:
    """Return the words of a header without case, accents, underscores and dots; ClienteNome is two words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", parted) if not unicodedata.combining(mark))
    return re.findall(r"[^\W_]+", bare.casefold())


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_FISCAL = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00)[1-9][0-9 ./-]{7,16}|(?:3[0-9]{2}|0[0-9]{1,3})[ ./-]?[0-9][0-9 .-]{4,10}")
_CAP = re.compile(r"[0-9]{5}")
_PROVINCES = frozenset({
    "AG", "AL", "AN", "AO", "AP", "AQ", "AR", "AT", "AV", "BA", "BG", "BI", "BL", "BN", "BO", "BR", "BS", "BT", "BZ",
    "CA", "CB", "CE", "CH", "CL", "CN", "CO", "CR", "CS", "CT", "CZ", "EN", "FC", "FE", "FG", "FI", "FM", "FR", "GE",
    "GO", "GR", "IM", "IS", "KR", "LC", "LE", "LI", "LO", "LT", "LU", "MB", "MC", "ME", "MI", "MN", "MO", "MS", "MT",
    "NA", "NO", "NU", "OR", "PA", "PC", "PD", "PE", "PG", "PI", "PN", "PO", "PR", "PT", "PU", "PV", "PZ", "RA", "RC",
    "RE", "RG", "RI", "RM", "RN", "RO", "SA", "SI", "SO", "SP", "SR", "SS", "SU", "SV", "TA", "TE", "TN", "TO", "TP",
    "TR", "TS", "TV", "UD", "VA", "VB", "VC", "VE", "VI", "VR", "VT", "VV",
})  # fmt: skip


def _by_values(kind: str, column: Column) -> Iterator[tuple[str, float]]:
    """Yield the fields of the kind that all the samples could be, the surest first."""
    fields = FIELDS[kind]
    for field, confidence in _meanings(kind, column):
        if column.samples and field in fields:
            yield field, confidence


def _meanings(kind: str, column: Column) -> Iterator[tuple[str, float]]:
    values = column.samples
    if all(map(_EMAIL.fullmatch, values)):
        yield "email", 0.9
    elif all(map(_FISCAL.fullmatch, values)):
        yield "fiscal_code", 0.9
    elif all(map(_is_ean, values)):
        yield ("card", 0.7) if kind != "products" and all(value[0] == "2" for value in values) else ("sku", 0.7)
    elif column.date_formats:
        yield ("birth_on", 0.4) if kind == "customers" and _are_births(column) else ("occurred_on", 0.5)
    elif all(map(_PHONE.fullmatch, values)):
        yield "phone", 0.7
        yield "phone_2", 0.6
    elif all(map(_CAP.fullmatch, values)):
        yield "postal_code", 0.5
    elif {value.casefold() for value in values} <= {"m", "f", "maschio", "femmina", "male", "female"}:
        yield "gender", 0.8
    elif all(value in _PROVINCES for value in values):
        yield "province", 0.7


def _is_ean(value: str) -> bool:
    return len(value) == 13 and value.isascii() and value.isdigit() and check_digit(value[:12]) == value[12]


def _are_births(column: Column) -> bool:
    years = [parse_date(value, column.date_formats[0]).year for value in column.samples]
    return all(1910 < year < 2015 for year in years) and min(years) < 1990
