"""Tables of quality. `card_quality` and `quality_totals` are projections that can be made again from the cards; the
owner's ranks and what staff confirmed with people are not.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.quality.rules import QualityField, Rank

NO_STORE = UUID(int=0)
"""The store of a total over cards without one, as `''` is their source: a primary key cannot hold a null."""


class CardQuality(Base):
    """What is said of one card that counts; the restricted, deceased, erased and merged have no row."""

    __tablename__ = "card_quality"
    __table_args__ = (
        CheckConstraint("score between 0 and 100", name="score_in_range"),
        Index(None, "measures", postgresql_using="gin"),
        Index("ix_card_quality_recheck_on", "recheck_on", postgresql_where=text("recheck_on is not null")),
    )

    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    """No foreign key: a row removed by a cascade would stay in the totals for ever. `service.refresh` removes it."""
    store_id: Mapped[UUID | None]
    source: Mapped[str | None]
    score: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    measures: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    """The counts this card is part of; one index serves the list behind every one of them."""
    confirmed_on: Mapped[date | None]
    recheck_on: Mapped[date | None]
    """The next day on which time alone changes what is said here."""
    computed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class QualityTotal(Base):
    """How many cards of a store and a source a measure holds, kept by the differences that `service.refresh` makes."""

    __tablename__ = "quality_totals"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class QualityDay(Base):
    """The totals of the whole shop as they stood on a day."""

    __tablename__ = "quality_history"

    day: Mapped[date] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class QualityRank(Base):
    """How much the owner wants a field; one without a row has its default."""

    __tablename__ = "quality_ranks"
    __table_args__ = (one_of("field", QualityField), one_of("rank", Rank))

    field: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[str]


class QualitySweep(Base):
    """How far the walk over every card has come, so that a killed one goes on; no row means there never was one."""

    __tablename__ = "quality_sweeps"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1, autoincrement=False)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id"))
    after_id: Mapped[UUID | None]
    done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]


class CardConfirmation(Base):
    """The last day somebody of the staff went through the card with the person."""

    __tablename__ = "card_confirmations"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    confirmed_on: Mapped[date]
