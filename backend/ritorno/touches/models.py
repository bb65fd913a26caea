"""Touches: what was decided before anybody was written to, so that the measure cannot be chosen afterwards."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.touches.states import TouchKind, TouchState


class Touch(Base):
    """One launch of a campaign or one run of a recall, with its own copy of everything that could be edited meanwhile
    (B-27).
    """

    __tablename__ = "touches"
    __table_args__ = (
        one_of("kind", TouchKind),
        one_of("state", TouchState),
        CheckConstraint("control_share >= 0 and control_share <= 0.5", name="control_share_bounded"),
        CheckConstraint("window_days between 1 and 365", name="window_days_bounded"),
        Index(None, "subject_id"),
        Index(None, "closes_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[TouchKind] = mapped_column(Text)
    subject_id: Mapped[UUID]
    name: Mapped[str]
    channel: Mapped[str]
    purpose: Mapped[str]
    template_id: Mapped[UUID] = mapped_column(ForeignKey("templates.id"))
    template_version: Mapped[int]
    tree: Mapped[dict[str, Any] | None]
    uses_purchases: Mapped[bool]
    occasion: Mapped[str]
    control_share: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    salt: Mapped[str]
    window_days: Mapped[int]
    cap_minor: Mapped[int | None]
    currency: Mapped[str]
    state: Mapped[TouchState] = mapped_column(Text, default=TouchState.PLANNING)
    cursor: Mapped[UUID | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    starts_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closes_on: Mapped[date]
    planned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
