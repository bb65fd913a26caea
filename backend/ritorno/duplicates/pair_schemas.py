"""Pairs as the API speaks of them."""

from enum import StrEnum
from uuid import UUID

from ritorno.customers.rules import PairState, PairTier
from ritorno.duplicates.linking.tiers import Certainty, EvidenceField, Level
from ritorno.kit.money import MoneyRead
from ritorno.kit.schemas import Input, Instant, Schema


class PairCardRead(Schema):
    """One card of a pair: enough to tell which is which."""

    customer_id: UUID
    full_name: str
    city: str | None
    visits: int
    revenue: MoneyRead


class PairRead(Schema):
    id: UUID
    probability: float
    certainty: Certainty
    tier: PairTier
    state: PairState
    agreeing: list[EvidenceField]
    """What speaks for one person, strongest first."""
    low: PairCardRead
    high: PairCardRead
    found_at: Instant
    decided_by: str | None
    decided_at: Instant | None


class PairEvidenceRead(Schema):
    """One comparison, with what each card holds now; several phones or emails are all shown."""

    field: EvidenceField
    level: Level
    weight: float
    low: list[str]
    high: list[str]


class PairDetailRead(PairRead):
    evidence: list[PairEvidenceRead]


class PairVerdict(StrEnum):
    DISTINCT = "distinct"
    SKIPPED = "skipped"
    OPEN = "open"


class VerdictWrite(Input):
    verdict: PairVerdict
