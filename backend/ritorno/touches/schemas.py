"""Results as the API says them. A figure about fewer than ten people, or one that would be a verdict before its time,
is null.
"""

from typing import Literal
from uuid import UUID

from pydantic import Field

from ritorno.kit.money import MoneyRead
from ritorno.kit.schemas import Instant, Schema


class VerdictRead(Schema):
    """What may be said of the outcome chosen before the launch (X-11, X-12)."""

    code: Literal["worked", "harmed", "none", "more", "invalid", "off"]
    sentence: str


class ArmRead(Schema):
    """One arm as assigned, whoever of it was really reached."""

    arm: str
    people: int
    delivered: int
    visitors: int | None
    conversion_rate: float | None
    conversion_interval: tuple[float, float] | None
    revenue: MoneyRead | None
    revenue_per_person: MoneyRead | None
    unsubscribed: int | None


class DifferenceRead(Schema):
    """Treated minus control with its 95 % interval; `points` are percentage points, `money` is an amount per person."""

    metric: Literal["conversion", "revenue_per_person", "unsubscribes"]
    unit: Literal["points", "money"]
    estimate: float
    low: float | None
    high: float | None
    excludes_zero: bool
    note: str | None


class PeopleRead(Schema):
    """People who came back because of the message."""

    estimate: float
    low: float
    high: float


class AmountRead(Schema):
    """Money that came because of the message."""

    estimate: MoneyRead
    low: MoneyRead
    high: MoneyRead


class IncrementalRead(Schema):
    """What the message brought, over everybody it was meant for."""

    people: PeopleRead | None
    revenue: AmountRead | None


class AttributedRead(Schema):
    """What the last message before each order would claim; another thing, never added to the incremental (X-05)."""

    rule: str
    orders: int
    revenue: MoneyRead


class MeasuredRead(Schema):
    """People who opened and followed, of those who allow it to be known and nobody else; machines excluded (E-20…E-23).
    Empty where fewer than ten allowed it.
    """

    opens_allowed: int
    opened: int | None
    clicks_allowed: int
    clicked: int | None


class CurvePointRead(Schema):
    """The share of each arm that had come back by the end of a day."""

    day: int
    treated: float
    control: float
    treated_low: float
    treated_high: float
    control_low: float
    control_high: float


class ResultsRead(Schema):
    """What a campaign or a recall earned against its control group."""

    touch_id: UUID | None
    recall_id: UUID | None
    name: str
    kind: str
    state: Literal["open", "closed"]
    verdict: VerdictRead
    planned_n: int
    needed_n: int | None
    detectable_points: float | None = Field(description="The smallest difference so many people can show, in points.")
    closes_on: str | None
    srm_p: float | None
    arms: list[ArmRead]
    differences: list[DifferenceRead]
    incremental: IncrementalRead
    attributed: AttributedRead
    measured: MeasuredRead | None = Field(description="Empty when nothing was measured.")
    cost: MoneyRead
    curve: list[CurvePointRead]
    as_of: Instant
