"""Campaigns and their rehearsals."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.campaigns.rules import CampaignState
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class Campaign(Base):
    """A message to a segment; `version` counts the edits, and a rehearsal is good for one version only."""

    __tablename__ = "campaigns"
    __table_args__ = (
        one_of("state", CampaignState),
        CheckConstraint("control_share >= 0 and control_share <= 0.5", name="control_share_bounded"),
        CheckConstraint("window_days between 1 and 365", name="window_days_bounded"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    state: Mapped[CampaignState] = mapped_column(Text, default=CampaignState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segments.id"))
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("templates.id"))
    control_share: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    salt: Mapped[str]
    """Decides who is in the control group, in the rehearsal as in the launch (X-06)."""
    window_days: Mapped[int]
    scheduled_at: Mapped[datetime | None]
    touch_id: Mapped[UUID | None] = mapped_column(ForeignKey("touches.id"))
    launched_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Rehearsal(Base):
    """What a launch of this version would do, found without writing a message; one reason per person, so the parts sum
    to the audience.
    """

    __tablename__ = "rehearsals"
    __table_args__ = (Index(None, "campaign_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    version: Mapped[int]
    segment_version: Mapped[int]
    template_version: Mapped[int]
    audience: Mapped[int]
    will_receive: Mapped[int]
    control: Mapped[int]
    deferred: Mapped[int]
    denied: Mapped[int]
    cost_minor: Mapped[int]
    currency: Mapped[str]
    parts: Mapped[int | None]
    """Of all texts together, and of the shortest and the longest; empty where the channel is not SMS (M-04)."""
    min_parts: Mapped[int | None] = mapped_column(SmallInteger)
    max_parts: Mapped[int | None] = mapped_column(SmallInteger)
    by_reason: Mapped[list[Any]]
    sample: Mapped[list[Any]]
    missing_values: Mapped[list[Any]]
    detectable_points: Mapped[float | None]
    people_needed_for_3_points: Mapped[int | None]
    created_at: Mapped[datetime]
