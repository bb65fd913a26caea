"""What the composed reads answer."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from ritorno.customers.rules import AcquisitionSource
from ritorno.customers.schemas import CustomerRead
from ritorno.desk.rules import CustomerSort
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Instant, Schema
from ritorno.quality.rules import Measure
from ritorno.scores.rules import Stage


class GateAnswer(Schema):
    """The gate's answer in short; the permission matrix of the card tells the whole."""

    verdict: str
    family: str
    reason: str | None
    rule_id: str
    sentence: str
    remedy: str | None
    until: Instant | None


class CustomerFilter(PagedFilter):
    """Which customers a list shows, in which order, and from where: a query model forbids what it does not name."""

    sort: CustomerSort = CustomerSort.NAME
    city: Annotated[str, Field(max_length=100)] | None = None
    tag: Annotated[str, Field(max_length=60)] | None = None
    store_id: UUID | None = None
    stage: Stage | None = None
    due: bool | None = None
    source: AcquisitionSource | None = None
    quality: Annotated[list[Measure], Field(default_factory=list, max_length=5)]
    """The cards behind a number of `GET /v1/quality`; with several, those in all of them."""


class CustomerRow(Schema):
    id: UUID
    full_name: str
    city: str | None
    last_purchase_on: date | None
    revenue_12m: MoneyRead
    visit_days: int
    stage: Stage | None
    due_on: date | None
    likely_from: date | None
    likely_to: date | None
    recent_visits: list[date]
    email_permission: GateAnswer


class ProfileRead(Schema):
    purchases: int
    returns: int
    revenue: MoneyRead
    mean_basket: MoneyRead | None
    first_purchase_on: date | None
    last_purchase_on: date | None
    last_amount: MoneyRead | None
    visit_days: int
    revenue_12m: MoneyRead
    visits_12m: int


class ScoreRead(Schema):
    stage: Stage
    stage_since: date
    due_on: date
    likely_from: date
    likely_to: date
    p_alive: float
    next_on: date | None
    due_category_name: str | None
    reason: str
    as_of: date


class LaneRead(Schema):
    """One category of the rhythm drawing: its visits, and when the next is expected."""

    category_id: UUID
    name: str
    visit_days: int
    revenue: MoneyRead
    last_on: date | None
    due_on: date | None
    likely_from: date | None
    likely_to: date | None
    visits: list[date]


class LastNoteRead(Schema):
    body: str
    author_name: str
    created_at: Instant


class CardRead(Schema):
    customer: CustomerRead
    profile: ProfileRead | None
    score: ScoreRead | None
    visits: list[date]
    top_categories: list[LaneRead]
    last_note: LastNoteRead | None


class TimelineEntry(Schema):
    kind: str
    at: Instant
    subject_id: UUID
    title: str | None
    detail: dict[str, Any]
    amount: MoneyRead | None
    status: str | None
    reason: str | None


class RunRead(Schema):
    """One campaign or recall run of the last day."""

    touch_id: UUID
    kind: str
    name: str
    sent: int
    skipped: int
    control: int
    waiting: int
    unknown: int


class TodayRead(Schema):
    on: date
    runs: list[RunRead]
    open_tasks: int
    customers: int
    first_customer_on: date | None
