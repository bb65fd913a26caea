"""Recalls as the API hears and says them."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, model_validator

from ritorno.kit.money import MoneyRead
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.recalls.rules import RecallKind

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ShareIn = Annotated[Decimal, Field(ge=0, le=Decimal("0.5"), max_digits=5, decimal_places=4)]
Share = Annotated[Decimal, PlainSerializer(lambda share: f"{share:.2f}", return_type=str)]
HourIn = Annotated[time, AfterValidator(lambda hour: time(hour.hour, hour.minute))]
Hour = Annotated[time, PlainSerializer(lambda hour: hour.strftime("%H:%M"), return_type=str)]


class RecallCreate(Input):
    """A new recall, switched off."""

    kind: RecallKind
    name: Name
    template_id: UUID
    category_id: UUID | None = None
    eligibility_segment_id: UUID | None = None
    control_share: ShareIn = Decimal("0.10")
    window_days: int = Field(default=14, ge=1, le=365)
    cooldown_days: int = Field(default=30, ge=0, le=365)
    lead_days: int = Field(default=0, ge=0, le=60)
    send_from: HourIn = time(9, 0)
    send_until: HourIn = time(20, 0)


class RecallPatch(Input):
    """A change; what is absent stays, null clears."""

    name: Name = ""
    template_id: UUID = UUID(int=0)
    category_id: UUID | None = None
    eligibility_segment_id: UUID | None = None
    control_share: ShareIn = Decimal(0)
    window_days: int = Field(default=14, ge=1, le=365)
    cooldown_days: int = Field(default=30, ge=0, le=365)
    lead_days: int = Field(default=0, ge=0, le=60)
    send_from: HourIn = time(9, 0)
    send_until: HourIn = time(20, 0)


class RecallRunRead(Schema):
    """One run of a recall, with what has become of its messages so far."""

    on: date
    touch_id: UUID | None
    planned: int
    sent: int
    skipped: int
    control: int
    waiting: int


class RecallRead(Schema):
    """A standing reason to come back."""

    id: UUID
    kind: RecallKind
    name: str
    is_active: bool
    template_id: UUID
    template_name: str
    channel: str
    category_id: UUID | None
    category_name: str | None
    control_share: Share
    window_days: int
    cooldown_days: int
    lead_days: int
    send_from: Hour
    send_until: Hour
    eligibility_segment_id: UUID | None
    version: int
    next_run_on: date
    due_count: int
    last_run: RecallRunRead | None


class DuePermissionRead(Schema):
    """The gate's answer for this person on the recall's channel."""

    verdict: str
    family: str
    reason: str | None
    rule_id: str
    sentence: str
    until: Instant | None
    remedy: str


class DueRead(Schema):
    """One person who is expected back, why, and what can be done."""

    customer_id: UUID
    full_name: str
    recall_kind: RecallKind
    recall_id: UUID
    label: str
    reason: str
    visits: list[date]
    likely_from: date | None
    likely_to: date | None
    due_on: date
    expected_value: MoneyRead | None
    channel: str
    permission: DuePermissionRead
    action: Literal["write", "call", "letter", "counter", "none"]


class DueDayRead(Schema):
    """How many become due on a day to come."""

    on: date
    count: int


class DueListRead(Schema):
    """Who should be called back on a day; the families of the permission sum to the total."""

    on: date
    total: int
    allowed: int
    to_ask: int
    said_no: int
    later: int
    to_fix: int
    items: list[DueRead]
    next_days: list[DueDayRead]


class DismissalRequest(Input):
    """Not now: until a day, or never again for this reason."""

    customer_id: UUID
    recall_id: UUID
    until: date | None = None
    never: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.never == (self.until is not None):
            raise ValueError("send `until`, or `never`: true")
        return self


class RecallRehearsalRequest(Input):
    """One day, or a past period of a year at most."""

    on: date | None = None
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _day_or_period(self) -> Self:
        period = self.from_ is not None and self.until is not None and self.from_ <= self.until
        if (self.on is not None) == period:
            raise ValueError("send `on`, or `from` and `until` in order")
        return self


class WeekRead(Schema):
    """One week of a rehearsal."""

    week_on: date
    messages: int


class RecallReasonRead(Schema):
    """How many would not get it, and why."""

    reason: str
    family: str
    count: int
    sentence: str


class RecallRehearsalRead(Schema):
    """What a recall would have done, found without writing anything; permissions as they are today."""

    from_on: date
    until_on: date
    occasions: int
    people: int
    will_receive: int
    control: int
    deferred: int
    denied: int
    held_back: int
    """Occasions inside the cooldown of an earlier one."""
    cost: MoneyRead
    by_reason: list[RecallReasonRead]
    weeks: list[WeekRead]
