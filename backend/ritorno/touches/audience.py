"""From people to candidates: the gate first, then the control group among those it lets through (X-06).

The launch and its rehearsal both come through here, so that a rehearsal cannot promise what a launch would not do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ritorno.consents.rules import Ask, Channel, Facts, Reason, Verdict, decide
from ritorno.messaging.planning import Candidate
from ritorno.messaging.rules import Arm
from ritorno.touches.rules import is_control


@dataclass(frozen=True, slots=True)
class Person:
    """One person a touch would contact, with what the touch knows of them."""

    customer_id: UUID
    occasion: str | None = None
    values: dict[str, str | None] = field(default_factory=dict)
    skip: Reason | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """How people are assigned: the key of the hash and the share held out."""

    salt: str
    control_share: Decimal


def candidates(
    people: Sequence[Person], facts: Mapping[UUID, Facts], ask: Ask, split: Split, at: datetime
) -> list[Candidate]:
    """Ask the gate about each person, then assign an arm to everyone who may be written to now or later."""
    return [_candidate(person, facts[person.customer_id], ask, split, at) for person in people]


def _candidate(person: Person, facts: Facts, ask: Ask, split: Split, at: datetime) -> Candidate:
    decision = decide(facts, ask, at)
    contact = facts.contacts.get(Channel(ask.channel)) if ask.channel else None
    # Who is only deferred will be written to by this touch, so they belong to the measure as well.
    eligible = person.skip is None and decision.verdict in {Verdict.ALLOW, Verdict.DEFER}
    return Candidate(
        customer_id=person.customer_id,
        decision=decision,
        contact_point_id=contact.id if contact else None,
        arm=_arm_of(person.customer_id, split) if eligible else None,
        skip=person.skip,
        values=person.values,
        occasion=person.occasion,
        due_at=person.due_at,
        expires_at=person.expires_at,
    )


def _arm_of(customer_id: UUID, split: Split) -> Arm:
    return Arm.CONTROL if is_control(split.salt, customer_id, split.control_share) else Arm.TREATED
