"""Every change of touches: opening one, freezing its audience batch by batch, holding it, stopping it."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Ask, Channel, Purpose
from ritorno.kit import clock, outbox
from ritorno.messaging import permissions
from ritorno.messaging import queries as messages
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Template
from ritorno.messaging.planning import Plan
from ritorno.segments import queries as segments
from ritorno.segments.schemas import read_tree
from ritorno.stores import queries as stores
from ritorno.touches import queries
from ritorno.touches.audience import Person, Split, candidates
from ritorno.touches.models import Touch
from ritorno.touches.states import TouchKind, TouchState
from ritorno.touches.statistics import cap_for

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Opening:
    """What is decided once, before anybody is written to."""

    kind: TouchKind
    subject_id: UUID
    name: str
    template: Template
    uses_purchases: bool
    occasion: str
    control_share: Decimal
    salt: str
    window_days: int
    tree: dict[str, Any] | None = None


def new_salt() -> str:
    """Return a key for the hash that assigns arms; nobody can choose who is held out (X-06)."""
    return secrets.token_hex(16)


async def open_touch(session: AsyncSession, opening: Opening, *, at: datetime) -> Touch:
    """Open a touch with its own copy of everything that could be edited meanwhile (B-27); one with a tree plans
    itself.
    """
    business = await stores.get_business(session)
    closes_at = at + timedelta(days=opening.window_days)
    touch = Touch(
        kind=opening.kind,
        subject_id=opening.subject_id,
        name=opening.name,
        channel=opening.template.channel,
        purpose=opening.template.purpose,
        template_id=opening.template.id,
        template_version=opening.template.version,
        tree=opening.tree,
        uses_purchases=opening.uses_purchases,
        occasion=opening.occasion,
        control_share=opening.control_share,
        salt=opening.salt,
        window_days=opening.window_days,
        cap_minor=None,
        currency=business.currency,
        state=TouchState.PLANNING,
        cursor=None,
        counts={},
        starts_at=at,
        closes_at=closes_at,
        closes_on=closes_at.astimezone(ZoneInfo(business.timezone)).date(),
        planned_at=None,
        created_at=clock.now(),
    )
    session.add(touch)
    await session.flush()
    if opening.tree is not None:
        await outbox.publish(session, "touch.opened", {"touch_id": touch.id})
    return touch


async def plan_next(session: AsyncSession, touch_id: UUID, *, at: datetime, size: int = BATCH) -> bool:
    """Freeze the next batch of the audience; return whether there may be more. A crash resumes at the cursor."""
    touch = await queries.get_touch(session, touch_id, for_update=True)
    if touch.state != TouchState.PLANNING or touch.tree is None:
        return False
    tree = read_tree(touch.tree)
    moment = await segments.moment_of(session, tree, touch.starts_at)
    async for batch in segments.iter_members(session, tree, moment, after=touch.cursor, size=size):
        await plan_people(session, touch, [Person(customer_id) for customer_id in batch.members], at=at)
        touch.cursor = batch.last
        return True
    await finish_planning(session, touch, at=at)
    return False


async def plan_people(session: AsyncSession, touch: Touch, people: Sequence[Person], *, at: datetime) -> Counter[str]:
    """Give every person one row, whatever the outcome; the caller holds the touch locked. Repeating it plans nothing
    twice.
    """
    if not people:
        return Counter()
    template = await messages.get_template(session, touch.template_id)
    uses_purchases = touch.uses_purchases or template.uses_purchases
    facts = await permissions.load_facts(session, [person.customer_id for person in people], at=at)
    ask = messaging.ask_for(template, uses_purchases=uses_purchases)
    split = Split(touch.salt, touch.control_share)
    planned = await messaging.plan_messages(
        session,
        plan_of(touch, ask, at),
        candidates(people, facts, ask, split, at),
    )
    outcome: Counter[str] = Counter({str(status): number for status, number in planned.items()})
    touch.counts = {**touch.counts, "by_status": dict(Counter(touch.counts.get("by_status", {})) + outcome)}
    return outcome


def plan_of(touch: Touch, ask: Ask, at: datetime) -> Plan:
    """Return what every message of the touch shares."""
    return Plan(
        touch_id=touch.id,
        template_id=touch.template_id,
        channel=Channel(touch.channel),
        purpose=Purpose(touch.purpose),
        due_at=max(touch.starts_at, at),
        occasion=touch.occasion,
        uses_purchases=ask.uses_purchases,
        template_version=touch.template_version,
    )


async def finish_planning(session: AsyncSession, touch: Touch, *, at: datetime) -> None:
    """Close the audience, and fix what the measure will need: the cap of spends and how many came before (X-09)."""
    before = await queries.spends_before(session, touch)
    touch.cap_minor = cap_for([spend for spend, _ in before])
    touch.counts = {**touch.counts, "eligible": len(before), "came_before": sum(came for _, came in before)}
    touch.state = TouchState.PLANNED
    touch.planned_at = at
    await outbox.publish(session, "touch.planned", {"touch_id": touch.id})


async def hold(session: AsyncSession, touch_id: UUID) -> None:
    """Stop planning and sending until released; what was handed over stays handed over."""
    touch = await queries.get_touch(session, touch_id, for_update=True)
    touch.state = TouchState.PAUSED
    await messaging.hold_touch(session, touch.id)


async def release(session: AsyncSession, touch_id: UUID) -> None:
    """Go on from where it was held."""
    touch = await queries.get_touch(session, touch_id, for_update=True)
    if touch.state != TouchState.PAUSED:
        return
    touch.state = TouchState.PLANNING if touch.planned_at is None else TouchState.PLANNED
    await messaging.release_touch(session, touch.id)
    if touch.state == TouchState.PLANNING:
        await outbox.publish(session, "touch.opened", {"touch_id": touch.id})


async def stop(session: AsyncSession, touch_id: UUID, *, at: datetime) -> None:
    """Cancel what has not been handed over; the measure goes on for those who were assigned."""
    touch = await queries.get_touch(session, touch_id, for_update=True)
    if touch.planned_at is None:
        await finish_planning(session, touch, at=at)
    touch.state = TouchState.STOPPED
    await messaging.cancel_touch(session, touch.id)
