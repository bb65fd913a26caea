"""Tables of erasure, restriction and death. What proves that a right was honoured holds ids and codes, never a name."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.erasures.rules import (
    AskedBy,
    ErasureGround,
    ReportedBy,
    RestrictionExit,
    RestrictionGround,
)
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class Erasure(Base):
    """One person forgotten: what went, what stayed and why (C-24)."""

    __tablename__ = "erasures"
    __table_args__ = (one_of("because", ErasureGround), Index(None, "customer_id"), Index(None, "erased_at", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID]
    """The empty card that is left; no foreign key, because the proof outlives it."""
    card_ids: Mapped[list[Any]]
    """All cards of the person, that one among them: a restored backup is cleaned by them."""
    request_id: Mapped[UUID | None]
    because: Mapped[str]
    is_partial: Mapped[bool]
    """Documents are locked until a hold ends (B-51)."""
    gone: Mapped[dict[str, Any]]
    """Table → rows deleted or made nobody's."""
    kept: Mapped[list[Any]]
    """Part, reason and how long, in the order told."""
    erased_at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]


class ProcessorErasure(Base):
    """A processor that has to be told of an erasure, or was (GDPR art. 19, 28); recipients have their own notices."""

    __tablename__ = "processor_erasures"
    __table_args__ = (
        CheckConstraint("(told_at is null) = (told_by is null)", name="told_by_somebody"),
        UniqueConstraint("erasure_id", "processor_id"),
        Index("ix_processor_erasures_waiting", "created_at", "id", postgresql_where=text("told_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasures.id"))
    processor_id: Mapped[UUID]
    name: Mapped[str]
    """Of the processor, as it stood on that day."""
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None]


class Restriction(Base):
    """A card frozen at somebody's word, and the day its person was told before it was used again (C-26)."""

    __tablename__ = "restrictions"
    __table_args__ = (
        one_of("ground", RestrictionGround),
        one_of("asked_by", AskedBy),
        one_of("exit", RestrictionExit),
        CheckConstraint("(lifted_at is null) = (exit is null)", name="lifted_for_a_reason"),
        CheckConstraint("lifted_at is null or told_on is not null", name="told_before_lifted"),
        Index("uq_restrictions_standing", "customer_id", unique=True, postgresql_where=text("lifted_at is null")),
        Index(None, "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    ground: Mapped[str]
    asked_by: Mapped[str]
    asked_on: Mapped[date]
    restricted_at: Mapped[datetime]
    restricted_by: Mapped[str]
    told_on: Mapped[date | None]
    exit: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]


class DeathReport(Base):
    """Who told us of a death, and what heirs should know (B-53)."""

    __tablename__ = "death_reports"
    __table_args__ = (
        one_of("reported_by", ReportedBy),
        Index("uq_death_reports_standing", "customer_id", unique=True, postgresql_where=text("reversed_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    reported_by: Mapped[str]
    reported_on: Mapped[date]
    heirs_note: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None]
