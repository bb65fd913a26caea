"""How well messages arrive, as the API speaks of it."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.deliverability.rules import WaitKind, WaitReason
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.messaging.rules import HoldReason
from ritorno.messaging.schemas import ReadinessRead, SigningKeyRead


class StreamHoldRead(Schema):
    """One time a stream was told to wait. `details` holds the numbers of an automatic hold (`count`, `of`, `rate`,
    `limit`, `hours`, `receiver`) or the `note` of a person.
    """

    id: UUID
    channel: Channel
    stream: TemplateClass
    reason: HoldReason
    details: dict[str, Any]
    since: Instant
    lifted_at: Instant | None
    lifted_by: str | None
    lifted_because: str | None


class StreamHoldPut(Input):
    note: str = Field(min_length=3, max_length=500, description="Why it has to wait.")


class StreamHoldLift(Input):
    because: str = Field(min_length=3, max_length=500, description="What was done, so that it may go on.")


class DeliveryCountsRead(Schema):
    """What became of messages in some time; a rate is null where there is nothing to divide by."""

    sent: int
    delivered: int
    bounced: int
    refused: int
    deferred: int
    complained: int
    unsubscribed: int
    bounce_rate: float | None
    deferral_rate: float | None
    complaint_rate: float | None
    unsubscribe_rate: float | None


class DeliveryLimitsRead(Schema):
    """Above which rate a marketing stream is held, and which one to aim at (E-08)."""

    complaints_target: float
    complaints_24h: float
    complaints_day: float
    enough_delivered: int
    few_complaints: int
    bounces_24h: float
    enough_handed_over: int
    deferrals_warm_up: float


class WarmUpRead(Schema):
    """A sender that is made known little by little (E-18)."""

    started_on: date
    day: date | None
    allowance: int
    sent: int
    deferred: int


class StreamHealthRead(Schema):
    """One sender and how its messages arrive."""

    sender_id: UUID
    channel: Channel
    stream: TemplateClass
    name: str
    address: str
    leaves: bool = Field(description="False while its messages are only kept in the outbox.")
    is_ready: bool
    checks: list[ReadinessRead]
    checked_at: Instant | None
    signing_keys: list[SigningKeyRead]
    hold: StreamHoldRead | None
    warm_up: WarmUpRead | None
    last_24h: DeliveryCountsRead
    last_30_days: DeliveryCountsRead


class DeliverabilityRead(Schema):
    counted_until: Instant
    limits: DeliveryLimitsRead
    streams: list[StreamHealthRead]


class DeliveryDayRead(DeliveryCountsRead):
    day: date


class DeliveryDaysRead(Schema):
    """Thirty days of one stream, the oldest first; a day without messages is there with zeros."""

    channel: Channel
    stream: TemplateClass
    days: list[DeliveryDayRead]


class ReceiverHealthRead(DeliveryCountsRead):
    """What one receiver took in, in the last 30 days; `receiver` is empty for all smaller ones together."""

    receiver: str = Field(examples=["google"])
    per_minute: float | None = Field(
        description="How fast we write to it now; null where it never asked us to slow down."
    )
    slowed_since: Instant | None


class ReceiversHealthRead(Schema):
    channel: Channel
    stream: TemplateClass
    receivers: list[ReceiverHealthRead]


class WaitingRead(Schema):
    """Work that waits for one reason; `is_stuck` when it has waited longer than that reason is a good one."""

    kind: WaitKind
    reason: WaitReason
    channel: Channel | None
    stream: TemplateClass | None
    touch_id: UUID | None
    touch_name: str | None
    receiver: str | None
    count: int
    oldest_at: Instant
    next_at: Instant | None
    is_stuck: bool


class WaitingListRead(Schema):
    has_worker: bool = Field(description="False when something is due and nobody takes it up.")
    items: list[WaitingRead]
