"""Recalls, their daily runs, and the keys that make planning twice plan once."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.recalls.rules import RecallKind


class Recall(Base):
    """One standing reason; its salt never changes, so a person stays in the same arm from run to run (X-06)."""

    __tablename__ = "recalls"
    __table_args__ = (
        one_of("kind", RecallKind),
        CheckConstraint("control_share >= 0 and control_share <= 0.5", name="control_share_bounded"),
        CheckConstraint("window_days between 1 and 365", name="window_days_bounded"),
        CheckConstraint("send_from < send_until", name="hours_ordered"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[RecallKind] = mapped_column(Text)
    name: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=False)
    active_since: Mapped[datetime | None]
    """What fell due before was not missed: nobody had asked for it yet."""
    template_id: Mapped[UUID] = mapped_column(ForeignKey("templates.id"))
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    eligibility_segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segments.id"))
    control_share: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    salt: Mapped[str]
    window_days: Mapped[int]
    cooldown_days: Mapped[int]
    lead_days: Mapped[int]
    send_from: Mapped[time]
    send_until: Mapped[time]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RecallRun(Base):
    """One recall on one day; there is never a second."""

    __tablename__ = "recall_runs"
    __table_args__ = (UniqueConstraint("recall_id", "on_date"), Index(None, "on_date"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    recall_id: Mapped[UUID] = mapped_column(ForeignKey("recalls.id"))
    on_date: Mapped[date]
    touch_id: Mapped[UUID | None] = mapped_column(ForeignKey("touches.id"))
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class RecallOccasion(Base):
    """One occasion of one person that has been planned, whatever came of it (`birthday:2026`,
    `rhythm:<category>:<last_on>`).
    """

    __tablename__ = "recall_occasions"
    __table_args__ = (Index(None, "customer_id", "on_date"), Index(None, "run_id"))

    recall_id: Mapped[UUID] = mapped_column(ForeignKey("recalls.id"), primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    occasion: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("recall_runs.id"))
    on_date: Mapped[date]
    was_reached: Mapped[bool]


class RecallDismissal(Base):
    """Somebody at the counter said "not now": until a day, or never again for this reason."""

    __tablename__ = "recall_dismissals"

    recall_id: Mapped[UUID] = mapped_column(ForeignKey("recalls.id"), primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[date | None]
    dismissed_by: Mapped[UUID | None]
    dismissed_at: Mapped[datetime]
