"""What the API says and hears of calls. A number is told of one person only, to whoever is calling them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from ritorno.calls.rules import Band, BestReason, CallOutcome, CallResult, ObjectionScope
from ritorno.consents.rules import Family, Reason
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema

# ── what waits ────────────────────────────────────────────────────────────────────────────────────────────────────────


class CallBand(Schema):
    """A part of the week; without a weekday, of any day. Monday is 0."""

    weekday: int | None
    band: Band


class CallsOfTouch(Schema):
    """What waits of one campaign or recall, and how far it has come."""

    touch_id: UUID | None = Field(description="Null for calls written to one person at a time.")
    touch_name: str | None
    touch_kind: str | None
    subject_id: UUID | None
    waiting_count: int = Field(description="Everybody still to be called, whenever.")
    due_count: int = Field(description="Of them, who may be offered now.")
    later_count: int
    paused_count: int
    unchecked_count: int = Field(description="Who waits for an answer of the opposition register (D-T7).")
    in_hand_count: int = Field(description="Who is being called at this moment.")
    ended_count: int = Field(description="Calls that came to an end: reached, refused, wrong number or given up.")
    reached_count: int
    oldest_due_at: Instant | None
    next_due_at: Instant | None
    best: CallBand | None = Field(description="When most calls of this list were answered, once some were.")


class CallBackDue(Schema):
    """Somebody who asked to be called again today."""

    message_id: UUID
    touch_id: UUID | None
    customer_id: UUID
    customer_name: str
    due_at: Instant


class CallsWaiting(Schema):
    open_call_id: UUID | None = Field(description="The person you are calling already, to go on with.")
    waiting_count: int
    due_count: int
    later_count: int
    oldest_due_at: Instant | None
    next_due_at: Instant | None
    callbacks: list[CallBackDue]
    touches: list[CallsOfTouch]


# ── one call ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class CallCreate(Input):
    touch_id: UUID | None = Field(default=None, description="Only people of this campaign or recall.")


class CallRefusal(Schema):
    """Why this person may not be called, or not now."""

    reason: Reason | str
    rule_id: str | None
    family: Family | None
    until: Instant | None


class LastPurchase(Schema):
    """Told only where the person lets their purchases be used (C-18)."""

    bought_on: date
    products: list[str]


class CallPerson(Schema):
    customer_id: UUID
    given_name: str | None
    family_name: str | None
    language: str
    last_visit_on: date | None
    last_purchase: LastPurchase | None
    due_on: date | None


class CallScript(Schema):
    """The words to say, in the language of the person; the opening is what the law wants said first."""

    language: str
    opening: list[str]
    body: str
    after_objection: str = Field(description="To read aloud once calls are refused.")
    after_objection_to_all: str
    about_source: str = Field(description="The answer to: where do you have my number from?")


class RegisterStamp(Schema):
    """What the opposition register answered of this number, and how long that holds (D-T7)."""

    checked_at: Instant
    valid_until: Instant
    listed_since: Instant | None


class CallOpening(Schema):
    opens_at: Instant
    closes_at: Instant


class CallClock(Schema):
    """The hours in which this person may be called, in their own zone (D-T9)."""

    zone: str
    is_open: bool
    openings: list[CallOpening] = Field(description="Of the next two weeks; the present one begins now.")


class BestTimeRead(Schema):
    at: Instant
    reason: BestReason
    weekday: int | None
    band: Band


class EarlierCall(Schema):
    ended_at: Instant
    operator_name: str
    outcome: CallOutcome
    result: CallResult | None
    note: str | None


class CallRead(Schema):
    """A person who is with you to be called. Where `may_call` is false, number and script are gone."""

    id: UUID
    touch_id: UUID | None
    touch_name: str | None
    template_name: str
    may_call: bool
    refusal: CallRefusal | None
    checked_at: Instant
    started_at: Instant
    lease_until: Instant | None
    person: CallPerson
    number: str | None
    script: CallScript | None
    register_stamp: RegisterStamp | None
    clock: CallClock
    best: BestTimeRead | None
    attempt_count: int
    most_attempts: int
    earlier: list[EarlierCall]


class RefusedCount(Schema):
    """How many people were passed over for one reason."""

    reason: Reason | str
    count: int


class CallOffer(Schema):
    """The next person, or nobody; and who was passed over on the way."""

    call: CallRead | None
    refused: list[RefusedCount]
    has_more: bool
    """Nobody was found yet, and not everybody was asked about: ask again."""
    next_due_at: Instant | None


class CallLeaseRead(Schema):
    lease_until: Instant


# ── what came of it ───────────────────────────────────────────────────────────────────────────────────────────────────


class CallOutcomeCreate(Input):
    """What came of a call; a note is private and goes with the person."""

    outcome: CallOutcome
    result: CallResult | None = Field(default=None, description="Of REACHED alone.")
    callback_at: InstantIn | None = Field(default=None, description="Of CALL_BACK alone, inside the legal hours.")
    objects_to: ObjectionScope | None = Field(default=None, description="Of OBJECTED alone; CALLS when left out.")
    note: Annotated[str, StringConstraints(max_length=2000)] | None = None


class CallRecorded(Schema):
    """The call as it was written down, and when the person is called again, if they are."""

    id: UUID
    message_id: UUID
    outcome: CallOutcome
    result: CallResult | None
    ended_at: Instant
    again_at: Instant | None
