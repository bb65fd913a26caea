"""Requests and packs as the API speaks of them."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from ritorno.erasures.rules import RestrictionGround
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.privacy.rules import (
    DueRule,
    IdentityMethod,
    Outcome,
    PackKind,
    PackState,
    RequestChannel,
    RequestEventKind,
    RequestKind,
    RequestState,
)

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Reasons = Annotated[str, Field(min_length=3, max_length=1000)]


class PrivacyRequestCreate(Input):
    """A request as it reached the shop; from somebody unknown it counts all the same (B-49)."""

    kind: RequestKind
    channel: RequestChannel
    received_on: date | None = Field(default=None, description="The day it reached us, in any channel; default today.")
    customer_id: UUID | None = Field(default=None, description="The card they say is theirs; it proves nothing yet.")
    claimed_identity: Annotated[str, Field(min_length=2, max_length=200)] | None = Field(
        default=None, description="Without a card: who they say they are and how to answer. As little as possible."
    )
    wish: Annotated[str, Field(max_length=1000)] | None = None
    evidence_sha256: Sha256 | None = Field(default=None, description="The scan, already kept as evidence.")

    @model_validator(mode="after")
    def _is_somebodys(self) -> Self:
        if self.customer_id is None and self.claimed_identity is None:
            raise ValueError("a request needs customer_id, or claimed_identity for somebody unknown")
        return self


class PrivacyRequestFilter(PagedFilter):
    """Which requests a list holds, and in which order."""

    state: RequestState | None = None
    kind: RequestKind | None = None
    is_open: bool | None = None
    overdue: bool | None = None
    customer_id: UUID | None = None
    sort: Literal["due", "-received"] = "due"


class IdentityStatement(Input):
    """How we know who asks. `LINK_TO_STORED_CONTACT` writes to the stored address and waits for the press there; every
    other method says that a member of staff made sure, and the request goes on.
    """

    method: IdentityMethod
    customer_id: UUID | None = Field(default=None, description="The card, where the request names none yet.")


class ExtensionStatement(Input):
    """Why a month is not enough; the person is told by a letter within that month."""

    reason: Reasons


class PauseStatement(Input):
    """What makes us doubt who is asking; nothing else stops the clock."""

    reason: Reasons


class HandlerStatement(Input):
    """Who of the staff looks after it; `null` is nobody."""

    user_id: UUID | None


class RequestAnswer(Input):
    """What was done. Granting an erasure, a restriction or an objection does it."""

    outcome: Outcome
    reason: Reasons | None = Field(default=None, description="Needed unless granted in full; it stands in the letter.")
    restriction_ground: RestrictionGround = Field(
        default=RestrictionGround.ACCURACY, description="Of a restriction: on which ground of art. 18(1)."
    )
    letter: Literal["email", "print"] = Field(
        default="print", description="`email` sends the letter to the stored address, `print` leaves it to be printed."
    )


class ClockRead(Schema):
    """When the answer is due, and why then: `explanation` is one sentence in the reader's language (C-27)."""

    due_on: date
    target_on: date
    rule: DueRule
    days_left: int
    share_left: float
    is_overdue: bool
    is_paused: bool
    is_extended: bool
    may_extend: bool
    explanation: str


class RequestEventRead(Schema):
    """One act on a request."""

    at: Instant
    kind: RequestEventKind
    actor_name: str
    details: dict[str, str]


class PackRead(Schema):
    """One pack; `sections` tells what is inside and how many rows of it."""

    id: UUID
    request_id: UUID
    kind: PackKind
    language: str
    copy_number: int
    state: PackState
    sections: dict[str, int]
    size_bytes: int | None
    sha256: str | None
    failure: str | None
    requested_by_name: str
    created_at: Instant
    finished_at: Instant | None
    expires_at: Instant | None
    sent_at: Instant | None
    fetched_at: Instant | None


class PackCreate(Input):
    """In which language; default the person's own."""

    language: Literal["it", "en"] | None = None


class PrivacyRequestRow(Schema):
    """One request in a list."""

    id: UUID
    kind: RequestKind
    channel: RequestChannel
    state: RequestState
    customer_id: UUID | None
    customer_name: str | None
    claimed_identity: str | None
    received_on: date
    clock: ClockRead | None
    """Null once it is closed."""
    identity_method: IdentityMethod | None
    identified_at: Instant | None
    handler_id: UUID | None
    handler_name: str | None
    outcome: Outcome | None
    closed_at: Instant | None
    created_at: Instant


class PrivacyRequestRead(PrivacyRequestRow):
    """One request with everything that happened to it."""

    wish: str | None
    evidence_sha256: str | None
    paused_on: date | None
    pause_reason: str | None
    paused_days: int
    extended_on: date | None
    extension_reason: str | None
    answer_reason: str | None
    received_by: str
    events: list[RequestEventRead]
    packs: list[PackRead]


class RequestSummary(Schema):
    """What Today shows."""

    open: int
    overdue: int
    due_soon: int
    """Open, not overdue, due within ten days."""
    next_due_on: date | None
