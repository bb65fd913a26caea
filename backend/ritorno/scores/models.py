"""Tables of the scores: what was fitted, and what it says of each customer and of each customer in each category.

All rows are projections of the profiles: they can be thrown away and made again. The dates of a rhythm (`due_on`,
`likely_*`, `lapsed_on`) do not move between purchases, so "who is due on this day" is a range over an index;
`p_alive`, `next_on` and `stage` are as of `as_of`.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7
from ritorno.scores.rules import Stage


class FitLevel(StrEnum):
    SHOP = "shop"
    POOLED = "pooled"
    CATEGORY = "category"


class RhythmFit(Base):
    """One fitted set of hyper-parameters: the shop's, of all categories pooled, or one category's (MODELS §1.3)."""

    __tablename__ = "rhythm_fits"
    __table_args__ = (
        one_of("level", FitLevel),
        CheckConstraint("(level = 'category') = (category_id is not null)", name="category_named"),
        CheckConstraint("sigma > 0 and tau > 0 and a > 0 and b > 0", name="parameters_positive"),
        UniqueConstraint("level", "category_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    level: Mapped[FitLevel] = mapped_column(Text)
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id", ondelete="CASCADE"))
    mu: Mapped[float]
    sigma: Mapped[float]
    tau: Mapped[float]
    a: Mapped[float]
    b: Mapped[float]
    unit_count: Mapped[int]
    """How many units the fit read; with none the prior speaks alone."""
    as_of: Mapped[date]
    fitted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RhythmColumns:
    """What both projections say (MODELS §1.2)."""

    as_of: Mapped[date]
    last_on: Mapped[date]
    m: Mapped[float]
    s: Mapped[float]
    q: Mapped[float]
    x: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date]
    likely_from: Mapped[date]
    likely_to: Mapped[date]
    lapsed_on: Mapped[date]
    """The day from which a return is less likely than not enough to call it a rhythm: `p_alive` below .40."""
    p_alive: Mapped[float]
    next_on: Mapped[date | None]
    """Empty once `p_alive` is below .40: the person is probably lost and no date is honest."""
    expected_value_minor: Mapped[int]
    """The basket at stake: mean basket × P(still ours, yet not back by themselves within 14 days). What a call wins
    of it, only a control group tells.
    """


class CustomerScore(RhythmColumns, Base):
    """One customer in the shop as a whole; no row means no purchase yet."""

    __tablename__ = "customer_scores"
    __table_args__ = (
        one_of("stage", Stage),
        Index(None, "due_on", "lapsed_on"),
        Index("ix_customer_scores_most_at_stake", text("expected_value_minor desc"), "customer_id"),
        Index(None, "stage", "customer_id"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(Text)
    stage_since: Mapped[date]
    due_category_id: Mapped[UUID | None]
    """Names the reason: of the categories bought on three days or more and due on `as_of`, the one most bought."""


class CategoryScore(RhythmColumns, Base):
    """One customer in one category."""

    __tablename__ = "category_scores"
    __table_args__ = (Index(None, "category_id", "due_on", "lapsed_on"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
