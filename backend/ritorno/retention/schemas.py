"""Shapes of retention."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.retention.rules import Clock


class RetentionPeriodRead(Schema):
    """How long one kind of data is kept; neither months nor days means as long as the installation lives."""

    clock: Clock
    months: int | None
    days: int | None
    is_default: bool
    is_fixed: bool
    """Of the law or of the product: it cannot be changed."""
    because: dict[str, str]
    """What it is and why, in Italian and English."""
    approver: str | None
    reason: str | None
    assessment_id: UUID | None
    changed_at: Instant | None


class RetentionPeriodsRead(Schema):
    items: list[RetentionPeriodRead]


class RetentionPeriodPut(Input):
    months: Annotated[int, Field(ge=1, le=240)]
    approver: Annotated[str, Field(min_length=1, max_length=120)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ClockCountRead(Schema):
    """What one clock lets go of."""

    clock: Clock
    kept_since: date | None
    """The first day that stays."""
    count: int
    oldest_on: date | None
    """The oldest thing that goes."""


class RetentionPreviewRead(Schema):
    """What tonight would remove; nothing was changed."""

    day: date
    clocks: list[ClockCountRead]


class RetentionRunRead(Schema):
    id: UUID
    day: date
    counts: dict[Clock, int]
    left_clocks: list[Clock]
    """Left because the owner of the tables could not be reached: `ritorno doctor` says what to do."""
    started_at: Instant
    finished_at: Instant | None
