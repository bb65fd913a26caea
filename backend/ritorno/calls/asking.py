"""The gate, asked about a call at the moment of dialling, and the hours in which the law lets this person be called."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.calls.rules import AHEAD
from ritorno.consents.rules import (
    Ask,
    Channel,
    Contact,
    Decision,
    Facts,
    Opening,
    Purpose,
    Reason,
    decide,
    next_open,
    openings,
)
from ritorno.consents.rules.gate import about_contact
from ritorno.messaging import permissions
from ritorno.messaging.handoff import Claimed
from ritorno.messaging.letters import Asked, ask_of


class Answer(NamedTuple):
    """A message with the gate's answer of this moment, and what it was answered from."""

    message: Claimed
    facts: Facts
    decision: Decision

    @property
    def contact(self) -> Contact | None:
        return self.facts.contacts.get(Channel.PHONE_OPERATOR)

    @property
    def asked(self) -> Asked:
        return Asked(self.message, self.decision, self.contact.id if self.contact is not None else None)

    @property
    def refusal(self) -> str | None:
        """Return why this person is not called now; a number other than the planned one is nobody's we know (B-28)."""
        if not self.decision.is_allowed:
            return self.decision.reason or Reason.NO_BASIS
        return None if self.asked.contact_point_id == self.message.contact_point_id else Reason.BAD_CONTACT_POINT

    @property
    def zone(self) -> str:
        """Return the zone whose clock is shown: the person's own, else that of the business."""
        return self.facts.zone or self.facts.business_zone


async def ask(session: AsyncSession, messages: Sequence[Claimed], *, at: datetime) -> list[Answer]:
    """Ask the gate about every message, with one load of facts."""
    facts = await permissions.load_facts(session, {message.customer_id for message in messages}, at=at)
    return [
        Answer(message, known, decide(known, ask_of(message), at))
        for message in messages
        for known in (facts[message.customer_id],)
    ]


def openings_of(answer: Answer, at: datetime) -> list[Opening]:
    """Return when this person may be called in the next two weeks (D-T9, D-07)."""
    facts = about_contact(answer.facts, ask_of(answer.message))
    hours = facts.pack.hours_of(Channel.PHONE_OPERATOR)
    if hours is None:
        return [Opening(at, at + AHEAD)]
    return openings(at, hours, facts.pack.holidays, _zones(facts), until=at + AHEAD)


def is_open(answer: Answer, at: datetime) -> bool:
    """Tell whether the law lets this person be called at a moment."""
    facts = about_contact(answer.facts, ask_of(answer.message))
    hours = facts.pack.hours_of(Channel.PHONE_OPERATOR)
    return hours is None or next_open(at, hours, facts.pack.holidays, _zones(facts)) == at


def _zones(facts: Facts) -> tuple[str, ...]:
    return (facts.zone,) if facts.zone else (facts.business_zone, *facts.pack.zones)


def register_days(answer: Answer) -> int | None:
    """Return how long an answer of the opposition register holds for this number; None where there is no register."""
    return about_contact(answer.facts, ask_of(answer.message)).pack.rpo_days


def may_use_purchases(answer: Answer, at: datetime) -> bool:
    """Tell whether what the person bought may help to call them (C-18)."""
    return decide(answer.facts, Ask(Purpose.PROFILING, None), at).is_allowed
