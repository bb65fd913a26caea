"""Shapes of erasure, restriction, death and holds."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ritorno.erasures.rules import (
    AskedBy,
    ErasureGround,
    KeptPart,
    PartyKind,
    ReportedBy,
    RestrictionExit,
    RestrictionGround,
)
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.transactions.rules import HoldKind

Note = Annotated[str, Field(min_length=1, max_length=500)]


class GoneRead(Schema):
    """Rows of one kind that go, or went."""

    section: str
    """The section of the access pack that tells them."""
    count: int


class KeptRead(Schema):
    """What stays, why, and until when; empty days mean as long as the reason stands."""

    part: KeptPart
    because: dict[str, str]
    """In Italian and English."""
    until: date | None


class ToldRead(Schema):
    """Somebody else who holds the data and must be told."""

    kind: PartyKind
    name: str


class HoldRead(Schema):
    id: UUID
    customer_id: UUID
    kind: HoldKind
    until: date | None
    note: str
    created_at: Instant
    created_by: str
    lifted_at: Instant | None
    lifted_by: str | None


class HoldsRead(Schema):
    items: list[HoldRead]


class HoldCreate(Input):
    """Why documents may not be let go of yet; without a last day it stands until it is lifted."""

    kind: HoldKind
    until: date | None = None
    note: Note


class ErasurePreviewRead(Schema):
    """What an erasure would do now; nothing was changed."""

    customer_id: UUID
    card_count: int
    """Cards of this person, merged ones included: all of them go."""
    goes: list[GoneRead]
    stays: list[KeptRead]
    told: list[ToldRead]
    is_partial: bool
    """Documents stay locked, because a hold stands (B-51)."""
    holds: list[HoldRead]
    queued_messages: int
    """Messages that wait and will not be sent."""


class ErasureCreate(Input):
    because: ErasureGround = ErasureGround.PERSON_ASKED
    request_id: UUID | None = None
    """The request this answers, if there is one."""


class ErasureRead(Schema):
    """The proof of an erasure: no name, no address."""

    id: UUID
    customer_id: UUID
    request_id: UUID | None
    because: ErasureGround
    is_partial: bool
    goes: list[GoneRead]
    stays: list[KeptRead]
    still_to_tell: int
    erased_at: Instant
    erased_by: str


class ProcessorErasureRead(Schema):
    """A processor that has to be told of an erasure, or was."""

    id: UUID
    erasure_id: UUID
    processor_id: UUID
    name: str
    created_at: Instant
    told_at: Instant | None
    told_by: str | None


class ProcessorErasureFilter(PagedFilter):
    is_told: bool | None = None


class RestrictionCreate(Input):
    """Why a card is frozen and at whose word (C-26)."""

    ground: RestrictionGround
    asked_by: AskedBy = AskedBy.PERSON
    asked_on: date


class RestrictionLift(Input):
    """Why it may be used again, and the day its person was told so (art. 18(3))."""

    exit: RestrictionExit
    told_on: date


class RestrictionRead(Schema):
    id: UUID
    customer_id: UUID
    ground: RestrictionGround
    asked_by: AskedBy
    asked_on: date
    restricted_at: Instant
    restricted_by: str
    told_on: date | None
    exit: RestrictionExit | None
    lifted_at: Instant | None
    lifted_by: str | None


class RestrictionsRead(Schema):
    items: list[RestrictionRead]


class DeathReportCreate(Input):
    """Who told us that this person died, and what staff should know about the heirs (B-53)."""

    reported_by: ReportedBy = ReportedBy.RELATIVE
    reported_on: date
    heirs_note: Annotated[str, Field(max_length=500)] | None = None


class DeathReportRead(Schema):
    id: UUID
    customer_id: UUID
    reported_by: ReportedBy
    reported_on: date
    heirs_note: str | None
    recorded_at: Instant
    recorded_by: str
    reversed_at: Instant | None
    reversed_by: str | None
