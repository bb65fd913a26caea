"""Campaigns as the API hears and says them."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints

from ritorno.campaigns.rules import CampaignState
from ritorno.kit.money import MoneyRead
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema
from ritorno.messaging.rules import MessageStatus

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ShareIn = Annotated[Decimal, Field(ge=0, le=Decimal("0.5"), max_digits=5, decimal_places=4)]
Share = Annotated[Decimal, PlainSerializer(lambda share: f"{share:.2f}", return_type=str)]
WindowDays = Annotated[int, Field(ge=1, le=365)]


class CampaignCreate(Input):
    """A new draft."""

    name: Name
    segment_id: UUID | None = None
    template_id: UUID | None = None
    control_share: ShareIn = Decimal("0.10")
    window_days: WindowDays = 14


class CampaignPatch(Input):
    """A change; what is absent stays, null clears."""

    name: Name = ""
    segment_id: UUID | None = None
    template_id: UUID | None = None
    control_share: ShareIn = Decimal(0)
    window_days: WindowDays = 14


class ProgressRead(Schema):
    """Every planned person once, by the state of their message; the states sum to the total."""

    planned: int
    queued: int
    sent: int
    delivered: int
    bounced: int
    skipped: int
    control: int
    deferred: int
    failed: int
    cancelled: int
    unknown: int
    total: int
    rate_per_second: float
    is_planning: bool


class CampaignRead(Schema):
    """A campaign; `version` counts its edits."""

    id: UUID
    name: str
    state: CampaignState
    version: int
    segment_id: UUID | None
    segment_name: str | None
    template_id: UUID | None
    template_name: str | None
    channel: str | None
    purpose: str | None
    control_share: Share
    window_days: int
    created_at: Instant
    updated_at: Instant
    scheduled_at: Instant | None
    touch_id: UUID | None
    progress: ProgressRead | None


class ReasonRead(Schema):
    """How many do not get it now, and why."""

    reason: str
    family: str
    count: int
    sentence: str


class SampleRead(Schema):
    """What one real person would read."""

    customer_id: UUID
    full_name: str
    subject: str
    html: str | None
    text: str


class MissingValueRead(Schema):
    """A merge value some people lack."""

    name: str
    count: int


class RehearsalPartsRead(Schema):
    """How many parts the texts have: of all together, and of the shortest and the longest (M-04)."""

    total: int
    min: int
    max: int


class RehearsalRead(Schema):
    """What a launch of this version would do: the four parts sum to the audience."""

    id: UUID
    version: int
    audience: int
    will_receive: int
    control: int
    deferred: int
    denied: int
    cost: MoneyRead
    parts: RehearsalPartsRead | None
    by_reason: list[ReasonRead]
    sample: list[SampleRead]
    missing_values: list[MissingValueRead]
    detectable_points: float | None
    people_needed_for_3_points: int | None
    created_at: Instant


class ScheduleRequest(Input):
    """When to launch."""

    at: InstantIn


class LaunchRequest(Input):
    """The approval: of this rehearsal, and no other."""

    rehearsal_id: UUID


class RecipientRead(Schema):
    """One person of the frozen audience and what became of their message."""

    id: UUID
    customer_id: UUID
    customer_name: str
    channel: str
    status: MessageStatus
    arm: str | None
    reason: str | None
    reason_sentence: str | None
    planned_at: Instant
    sent_at: Instant | None
