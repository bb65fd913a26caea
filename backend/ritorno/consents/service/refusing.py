"""What people refuse: a consent taken back, an objection as it was received, one click in a message."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import queries
from ritorno.consents.chaining import Link
from ritorno.consents.errors import BadTime
from ritorno.consents.rules import (
    NEGATIVE,
    ON_PAPER,
    Action,
    Channel,
    Method,
    Party,
    Purpose,
    Standing,
    State,
    StateKey,
    fold_recipients_together,
    fold_together,
    is_bad_time,
    party_of,
    takes_channel,
)
from ritorno.consents.service.appending import Draft, append
from ritorno.consents.service.recording import evidence_problem, note
from ritorno.consents.waiting import waiting_of
from ritorno.customers import service as customers
from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.stores.queries import get_business


async def withdraw(
    session: AsyncSession,
    *,
    customer_id: UUID,
    purpose: Purpose,
    channel: Channel | None,
    recipient_id: UUID | None = None,
    occurred_at: datetime | None,
    method: Method,
    evidence: Sequence[dict[str, Any]] = (),
    actor: Actor,
) -> list[Link]:
    """Take a consent back, on one channel or on all; where the answer is no already and no newer yes waits, nothing is
    appended (C-14).
    """
    at = await _checked(session, customer_id, occurred_at or clock.now(), evidence)
    states = await _states(session, customer_id, recipient_id)
    waiting = await _waiting(session, customer_id, recipient_id)
    keys = [(purpose, each) for each in _channels(purpose, channel)]
    spoken_of = [key for key in keys if key in states] or keys
    open_keys = [
        key for key in spoken_of if key in waiting or key not in states or states[key].standing not in NEGATIVE
    ]
    return await _say_no(
        session, customer_id, open_keys, Action.WITHDRAW, at, method, evidence, recipient_id=recipient_id, actor=actor
    )


async def object_(
    session: AsyncSession,
    *,
    customer_id: UUID,
    scope: str,
    channel: Channel | None = None,
    purpose: Purpose | None = None,
    recipient_id: UUID | None = None,
    received_on: date,
    method: Method,
    evidence: Sequence[dict[str, Any]] = (),
    actor: Actor,
) -> list[Link]:
    """Record an objection as received (C-15, C-16); `storage` also blocks the card and asks for its erasure.

    It counts from the end of the day it was received, so that nothing said earlier that day outlives it. Whatever a
    person was still to read of the customer's replies is read with it (B-36).
    """
    evidence = _kept_of_objection(method, evidence)
    business = await get_business(session)
    day_end = datetime.combine(received_on + timedelta(days=1), time(), ZoneInfo(business.timezone))
    if received_on > clock.today(business.timezone):
        raise BadTime(reason="BAD_TIME")
    at = min(clock.now(), day_end - timedelta(microseconds=1))
    await _checked(session, customer_id, at, evidence)
    states = await _states(session, customer_id, recipient_id)
    waiting = await _waiting(session, customer_id, recipient_id)
    keys = [
        key
        for key in _objected(scope, channel, purpose)
        if key in waiting or key not in states or states[key].standing is not Standing.OBJECTED
    ]
    events = await _say_no(
        session, customer_id, keys, Action.OBJECT, at, method, evidence, recipient_id=recipient_id, actor=actor
    )
    await activity.complete_tasks_of(session, kind=REPLY_TASK, subject_id=customer_id, actor=actor)
    if scope == "storage":
        await customers.restrict(session, customer_id, actor=actor)
        await outbox.publish(session, "erasure.asked", {"customer_id": str(customer_id)})
    return events


REPLY_TASK = "reply_to_read"
"""The task of reading a reply that may be an objection."""


def _kept_of_objection(method: Method, evidence: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Return the evidence to keep: what came on paper needs its scan or a note, what was told is noted as told."""
    if evidence:
        return evidence
    if method in ON_PAPER:
        raise Invalid(errors=[FieldError("evidence", "missing", "needs the scan, or a note of type `oral`")])
    return [{"type": "oral"}] if method is Method.ORAL else []


_PERSONALLY = (Purpose.PROFILING, Purpose.THIRD_PARTY, Purpose.TRACK_OPEN, Purpose.TRACK_CLICK)


def _objected(scope: str, channel: Channel | None, purpose: Purpose | None) -> list[StateKey]:
    """Return what an objection closes: unscoped, own marketing on every channel and what feeds it (C-15)."""
    if scope == "channel":
        if channel is None:
            raise Invalid(errors=[FieldError("channel", "missing", "this scope names a channel")])
        return [(Purpose.MKT_OWN, channel)]
    if scope == "purpose":
        if purpose is None:
            raise Invalid(errors=[FieldError("purpose", "missing", "this scope names a purpose")])
        return [(purpose, each) for each in _channels(purpose, channel)]
    return [*((Purpose.MKT_OWN, each) for each in Channel), *((each, None) for each in _PERSONALLY)]


_SUBJECT = Actor("subject", None, "")


async def unsubscribe(
    session: AsyncSession,
    *,
    customer_id: UUID,
    contact_point_id: UUID,
    message_id: UUID,
    channels: Collection[Channel],
    method: Method,
) -> list[Link]:
    """Close own marketing on these channels at a click: WITHDRAW where a yes stands, else OBJECT (DESIGN §5).

    A repeat or a parallel click appends nothing. For a card that is erased or gone there is nothing left to say no to,
    and the suppression that was kept stays (B-02, B-05).
    """
    person = await _find_living(session, customer_id)
    if person is None or person.erased_at is not None:
        return []
    customer_id = person.id
    states, waiting = await _states(session, customer_id), await _waiting(session, customer_id)
    now = clock.now()
    drafts = []
    for channel in channels:
        key = (Purpose.MKT_OWN, channel)
        state = states.get(key)
        is_closed = state is not None and state.standing in (Standing.WITHDRAWN, Standing.OBJECTED)
        if is_closed and key not in waiting:
            continue
        has_yes = state is not None and state.standing is Standing.GRANTED
        drafts.append(
            Draft(
                customer_id=customer_id,
                purpose=Purpose.MKT_OWN,
                channel=channel,
                action=Action.WITHDRAW if has_yes else Action.OBJECT,
                occurred_at=now,
                method=method,
                party=Party.SUBJECT,
                evidence=[{"type": "message", "uri": f"message:{message_id}"}],
                contact_point_id=contact_point_id,
                source="unsubscribe",
            )
        )
    events = await append(session, drafts, actor=_SUBJECT)
    await note(session, drafts, actor=_SUBJECT)
    return events


async def refuse_by_reply(
    session: AsyncSession,
    *,
    customer_id: UUID,
    channel: Channel,
    reply_id: UUID,
    received_at: datetime,
    method: Method,
) -> list[Link]:
    """Object on one channel in the person's own words; a second stop appends nothing (B-36, B-37)."""
    at = await _checked(session, customer_id, received_at, ())
    key = (Purpose.MKT_OWN, channel)
    state = (await _states(session, customer_id)).get(key)
    is_closed = state is not None and state.standing is Standing.OBJECTED
    if is_closed and key not in await _waiting(session, customer_id):
        return []
    draft = Draft(
        customer_id=customer_id,
        purpose=Purpose.MKT_OWN,
        channel=channel,
        action=Action.OBJECT,
        occurred_at=at,
        method=method,
        party=Party.SUBJECT,
        evidence=[{"type": "reply", "uri": f"reply:{reply_id}"}],
        source="reply",
    )
    events = await append(session, [draft], actor=_SUBJECT)
    await note(session, [draft], actor=_SUBJECT)
    return events


async def refuse_at_provider(
    session: AsyncSession, *, customer_id: UUID, contact_point_id: UUID | None, message_id: UUID, channel: Channel
) -> list[Link]:
    """Object because of what a provider reports: the person told it, and not us, to stop (E-14, M-10)."""
    person = await _find_living(session, customer_id)
    if person is None or person.erased_at is not None:
        return []
    key = (Purpose.MKT_OWN, channel)
    state = (await _states(session, person.id)).get(key)
    is_closed = state is not None and state.standing is Standing.OBJECTED
    if is_closed and key not in await _waiting(session, person.id):
        return []
    draft = Draft(
        customer_id=person.id,
        purpose=Purpose.MKT_OWN,
        channel=channel,
        action=Action.OBJECT,
        occurred_at=clock.now(),
        method=Method.EMAIL_LINK if channel is Channel.EMAIL else Method.SMS_KEYWORD,
        party=Party.SUBJECT,
        evidence=[{"type": "message", "uri": f"message:{message_id}"}],
        contact_point_id=contact_point_id,
        source="provider",
    )
    events = await append(session, [draft], actor=_SUBJECT)
    await note(session, [draft], actor=_SUBJECT)
    return events


async def _find_living(session: AsyncSession, customer_id: UUID) -> queries.Person | None:
    """Lock and return the person a link was written to, by the card they have today."""
    while (person := (await queries.lock_people(session, [customer_id])).get(customer_id)) is not None:
        if person.merged_into_id is None:
            break
        customer_id = person.merged_into_id
    return person


async def _checked(
    session: AsyncSession, customer_id: UUID, at: datetime, evidence: Sequence[dict[str, Any]]
) -> datetime:
    """Lock the person and refuse what may not be recorded; return the moment."""
    person = (await queries.lock_people(session, [customer_id])).get(customer_id)
    if person is None:
        raise CustomerNotFound()
    if person.erased_at is not None:
        raise CustomerErased()
    if person.merged_into_id is not None:
        raise CustomerMerged(merged_into=str(person.merged_into_id))
    problem = evidence_problem(evidence)
    if problem is not None:
        raise problem
    if is_bad_time(at, now=clock.now(), born_on=person.birth_on, notice_from=None):
        raise BadTime(reason="BAD_TIME")
    return at


async def _states(session: AsyncSession, customer_id: UUID, recipient_id: UUID | None = None) -> dict[StateKey, State]:
    """Return where everything stands; with a recipient, THIRD_PARTY as it stands for that one.

    Without one it is closed only by a no to all of them: each of those named so far may have been refused by itself.
    """
    cards = (await queries.cards_of(session, [customer_id]))[customer_id]
    states = fold_together(cards)
    key = (Purpose.THIRD_PARTY, None)
    if recipient_id is None:
        if all(entry.recipient_id is not None for card in cards for entry in card.entries if entry.purpose is key[0]):
            states.pop(key, None)
    else:
        of_all = states.pop(key, None)
        state = fold_recipients_together(cards).get(recipient_id)
        if state is None and of_all is not None and of_all.standing in NEGATIVE:
            state = of_all
        if state is not None:
            states[key] = state
    return states


async def _waiting(session: AsyncSession, customer_id: UUID, recipient_id: UUID | None = None) -> set[StateKey]:
    """Return what a newer yes waits for: a no ends the wait, even where an older no stands (C-14)."""
    return {
        (each.purpose, each.channel)
        for each in await waiting_of(session, [customer_id])
        if recipient_id in {None, each.recipient_id}
    }


def _channels(purpose: Purpose, channel: Channel | None) -> list[Channel | None]:
    if not takes_channel(purpose):
        return [None]
    return [channel] if channel is not None else list(Channel)


async def _say_no(
    session: AsyncSession,
    customer_id: UUID,
    keys: Sequence[StateKey],
    action: Action,
    at: datetime,
    method: Method,
    evidence: Sequence[dict[str, Any]],
    *,
    recipient_id: UUID | None,
    actor: Actor,
) -> list[Link]:
    if recipient_id is not None and any(purpose is not Purpose.THIRD_PARTY for purpose, _ in keys):
        raise Invalid(errors=[FieldError("recipient_id", "not-null", "only THIRD_PARTY names a recipient")])
    party = party_of(method, "subject")
    kept = [{name: value for name, value in each.items() if value is not None} for each in evidence]
    drafts = [
        Draft(customer_id, purpose, channel, action, at, method, party, evidence=kept, recipient_id=recipient_id)
        for purpose, channel in keys
    ]
    events = await append(session, drafts, actor=actor)
    await note(session, drafts, actor=actor)
    return events
