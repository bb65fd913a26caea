"""Tables of retention: periods that differ from the defaults, and what each night let go of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.retention.rules import Clock


class RetentionPeriod(Base):
    """A period somebody approved in the place of a default."""

    __tablename__ = "retention_periods"
    __table_args__ = (one_of("clock", Clock), CheckConstraint("months > 0", name="months_positive"))

    clock: Mapped[str] = mapped_column(primary_key=True)
    months: Mapped[int] = mapped_column(SmallInteger)
    approver: Mapped[str]
    reason: Mapped[str]
    assessment_id: Mapped[UUID | None]
    """The signed assessment that allows more than the default (C-30)."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class RetentionRun(Base):
    """One night: how far it came and what it let go of, clock by clock; a killed one is gone on with."""

    __tablename__ = "retention_runs"
    __table_args__ = (Index(None, "day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    day: Mapped[date]
    clock: Mapped[str | None]
    """The clock it was at; empty before the first and after the last."""
    after_id: Mapped[UUID | None]
    """The last row of that clock that is done."""
    counts: Mapped[dict[str, Any]]
    left_clocks: Mapped[list[Any]] = mapped_column(default=list)
    """Clocks that were left because the owner of the tables could not be reached."""
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
