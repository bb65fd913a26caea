"""What the API says of quality. Codes only: the sentences belong to the screens."""

from datetime import date
from uuid import UUID

from ritorno.activity.schemas import JobRead
from ritorno.customers.rules import AcquisitionSource
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.quality.rules import Measure, Part, QualityField, Rank, Why


class ListFilter(Schema):
    """The parameters with which `GET /v1/customers` lists exactly the cards of a number."""

    quality: list[Measure]
    store_id: UUID | None
    source: AcquisitionSource | None


class CountRead(Schema):
    """A number of cards, its share of those it could concern, and the list behind it."""

    measure: Measure
    count: int
    share: float | None
    filter: ListFilter


class FieldQualityRead(Schema):
    """How complete a field is; `of` counts the cards it applies to: a company has no birth date to miss."""

    field: QualityField
    part: Part
    rank: Rank
    filled: int
    of: int
    share: float | None
    missing: CountRead


class GroupRead(Schema):
    cards: int
    mean_score: int | None
    fields: list[FieldQualityRead]


class StoreQualityRead(GroupRead):
    """The cards of one home store; without an id, those that have none."""

    store_id: UUID | None
    name: str | None


class SourceQualityRead(GroupRead):
    """The cards that came one way; null for those of which nobody knows."""

    source: AcquisitionSource | None


class TrendPoint(Schema):
    on: date
    cards: int
    mean_score: int | None
    counts: dict[Measure, int]


class QualityRead(GroupRead):
    """The quality of the whole shop."""

    as_of: Instant
    distribution: list[CountRead]
    bounced: CountRead
    unconfirmed: CountRead
    stale: CountRead
    never_updated: CountRead
    probable_duplicates: int
    stores: list[StoreQualityRead]
    sources: list[SourceQualityRead]
    trend: list[TrendPoint]
    """One point a week over the last year, the oldest first; the last is the newest day kept."""
    sweep: JobRead | None
    """The walk over every card, while it runs: until it ends some cards are not counted, or by yesterday's ranks."""


class GapRead(Schema):
    """What a part lacks; no field means the confirmation of the whole card."""

    field: QualityField | None
    rank: Rank | None
    why: Why


class PartRead(Schema):
    part: Part
    score: int
    gaps: list[GapRead]


class CardQualityRead(Schema):
    """One card, computed as it stands now."""

    customer_id: UUID
    is_counted: bool
    """False for a card that is restricted, erased, or of somebody who died: nothing is asked there."""
    score: int
    parts: list[PartRead]
    confirmed_on: date | None
    next_question: GapRead | None


class RanksWrite(Input):
    """The ranks of the fields named; the others go back to their default."""

    ranks: dict[QualityField, Rank]


class RanksRead(Schema):
    ranks: dict[QualityField, Rank]
    sweep: JobRead | None
