"""What a touch says about a batch of people, and what became of it: the values `plan_messages` takes and gives."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ritorno.consents.rules import Channel, Decision, Purpose, Reason
from ritorno.messaging.rules import Arm, MessageStatus

BULK = 5
"""The priority of a campaign or a recall."""
ONE_PERSON = 0
"""The priority of a message somebody wrote to one person."""

ANY_SITE = "https://www.negozio.it"
"""As long as an address of a shop usually is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What every message of a batch shares."""

    touch_id: UUID | None
    template_id: UUID
    channel: Channel
    purpose: Purpose
    due_at: datetime
    occasion: str = ""
    uses_purchases: bool = False
    """The audience was chosen by purchases (C-18); a template that mentions them adds itself."""
    priority: int = BULK
    template_version: int | None = None
    """The version that was approved; without it, the present one."""
    expires_at: datetime | None = None
    """When it is too late to be said; a candidate may have its own."""
    public_url: str = ANY_SITE
    """Where the links of a text will lead: their length is part of what it costs (M-04). The hand-off knows it for
    certain; a plan that must not be wrong says it.
    """


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person with the gate's answer; a refused one is planned too, so that nobody is skipped in silence."""

    customer_id: UUID
    decision: Decision
    contact_point_id: UUID | None
    """The contact point the gate looked at: `facts.contacts[channel].id`."""
    arm: Arm | None = None
    skip: Reason | None = None
    """Why this touch leaves the person out although the gate says yes, such as ARBITRATED."""
    values: dict[str, str | None] = field(default_factory=dict)
    """What the touch knows, by variable name: `{"recall.reason": "…"}`; the card and the business are filled in here.
    """
    occasion: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None


class Foreseen(NamedTuple):
    """What planning would decide about one person; of people with one address only the first is written to (D-11)."""

    customer_id: UUID
    status: MessageStatus
    reason: str | None
    detail: str | None
    address_id: UUID | None
    cost_minor: int
    language: str
    values: dict[str, Any]
    parts: int
    """How many the text has, on SMS alone (M-04)."""


Planned = dict[MessageStatus, int]
"""How many new rows each state got; repeating a plan counts nothing."""
