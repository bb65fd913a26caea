"""What a likely pair may lead to: pure decisions on what agrees and what contradicts, whatever the model says."""

from enum import StrEnum
from typing import NamedTuple

from ritorno.customers.rules import PairTier

REVIEW_FROM = 0.8
"""The least probability shown to a person; below it most pairs are two people."""
AUTOMATIC_FROM = 0.99


class Level(StrEnum):
    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class EvidenceField(StrEnum):
    """What two cards are compared by."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    BIRTH_ON = "birth_on"
    GENDER = "gender"
    ADDRESS = "address"
    CITY = "city"
    PHONE = "phone"
    EMAIL = "email"
    FISCAL_CODE = "fiscal_code"


class Evidence(NamedTuple):
    """How one comparison turned out; `weight` is the log2 Bayes factor: positive speaks for one person."""

    field: EvidenceField
    level: Level
    weight: float


class Certainty(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def certainty(probability: float) -> Certainty:
    """Return the word people read beside a pair."""
    if probability >= AUTOMATIC_FROM:
        return Certainty.HIGH
    return Certainty.MEDIUM if probability >= 0.95 else Certainty.LOW


_CONTRADICTING = (
    EvidenceField.GIVEN_NAME,
    EvidenceField.FAMILY_NAME,
    EvidenceField.BIRTH_ON,
    EvidenceField.GENDER,
    EvidenceField.FISCAL_CODE,
)
_SUPPORTING = (EvidenceField.ADDRESS, EvidenceField.PHONE, EvidenceField.EMAIL)


def tier_of(probability: float, levels: dict[EvidenceField, Level]) -> PairTier:
    """Return whether a pair may be merged without a person looking.

    The full name and the birth date must be the same, with an address, a phone or an email beside them, or the tax
    code must. A shared phone never stands in for the birth date: father and son of one name share that too.
    """
    if probability < AUTOMATIC_FROM or any(levels[field] is Level.DIFFERENT for field in _CONTRADICTING):
        return PairTier.REVIEW
    named = levels[EvidenceField.GIVEN_NAME] is Level.SAME and levels[EvidenceField.FAMILY_NAME] is Level.SAME
    born = levels[EvidenceField.BIRTH_ON] is Level.SAME
    reached = any(levels[field] in {Level.SAME, Level.SIMILAR} for field in _SUPPORTING)
    proven = levels[EvidenceField.FISCAL_CODE] is Level.SAME or (born and reached)
    return PairTier.AUTOMATIC if named and proven else PairTier.REVIEW
