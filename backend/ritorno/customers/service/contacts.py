"""Contact points one at a time: added and ended by staff, raised and lowered by what is proven of them (C-13, C-23)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import queries
from ritorno.customers.errors import EvidenceMissing
from ritorno.customers.models import ContactPoint
from ritorno.customers.preparing import Contact
from ritorno.customers.rules import STAFF_SOURCE, ContactKind, ContactLevel
from ritorno.customers.service import storing
from ritorno.customers.service.cards import touch
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver


async def add_contact_point(
    session: AsyncSession,
    customer_id: UUID,
    contact: Contact,
    *,
    is_primary: bool,
    source: str = STAFF_SOURCE,
    actor: Actor,
) -> ContactPoint:
    """Add an address beside those the person has; the first of its kind is the main one. One already there is
    returned as it is.
    """
    customer = await queries.get_customer(session, customer_id, lock=True)
    current = await _current(session, customer_id, contact.kind)
    for point in current:
        if point.match_key == contact.match_key:
            return point
    connection = await driver(session)
    main = is_primary or not current
    if main:
        await storing.demote_contacts(connection, [(customer_id, contact.kind.value)])
    row = storing.contact_row(customer_id, contact, source, clock.now(), is_primary=main)
    await storing.insert_contacts(connection, [row])
    await touch(session, customer_id, [contact.kind.value.lower()], actor=actor)
    if contact.kind is ContactKind.POSTAL and main and contact.address:
        customer.city = contact.address["city"]
    await outbox.publish(session, "customer.identified", {"customer_ids": [str(customer_id)]})
    return await queries.get_contact_point(session, row[0])


async def end_contact_point(session: AsyncSession, customer_id: UUID, contact_point_id: UUID, *, actor: Actor) -> None:
    """Stop using an address; it is kept with its dates, and another of its kind becomes the main one."""
    customer = await queries.get_customer(session, customer_id, lock=True)
    point = await queries.get_contact_point(session, contact_point_id, customer_id=customer_id)
    point.valid_to = max(clock.now(), point.valid_from)
    await session.flush()
    left = await _current(session, customer_id, ContactKind(point.kind))
    if point.is_primary and left:
        left[0].is_primary = True
    if point.kind == ContactKind.POSTAL:
        customer.city = left[0].address["city"] if left and left[0].address else None
    await touch(session, customer_id, [point.kind.lower()], actor=actor)


async def _current(session: AsyncSession, customer_id: UUID, kind: ContactKind) -> list[ContactPoint]:
    found = await session.scalars(
        select(ContactPoint)
        .where(
            ContactPoint.customer_id == customer_id,
            ContactPoint.kind == kind,
            ContactPoint.valid_to.is_(None),
        )
        .order_by(ContactPoint.id)
    )
    return list(found)


async def set_level(
    session: AsyncSession,
    contact_point_id: UUID,
    level: ContactLevel,
    evidence: dict[str, Any] | None,
    *,
    actor: Actor,
) -> ContactPoint:
    """State how sure it is that an address reaches the person; anything above UNVERIFIED needs evidence (C-13)."""
    point = await queries.get_contact_point(session, contact_point_id)
    if level is not ContactLevel.UNVERIFIED and not evidence:
        raise EvidenceMissing()
    point.level = level
    point.level_evidence = {**(evidence or {}), "by": actor.name, "at": clock.now().isoformat()}
    await touch(session, point.customer_id, [f"{point.kind.lower()}_level"], actor=actor)
    return point


async def mark_delivered(session: AsyncSession, contact_point_ids: Collection[UUID], *, at: datetime) -> None:
    """Raise unverified addresses that took a message without a bounce to DELIVERED_OK (C-13); higher ones stay."""
    raised = await session.scalars(
        update(ContactPoint)
        .where(
            ContactPoint.id.in_(contact_point_ids),
            ContactPoint.level == ContactLevel.UNVERIFIED,
            ContactPoint.invalid_at.is_(None),
        )
        .values(level=ContactLevel.DELIVERED_OK, level_evidence={"method": "delivery", "at": at.isoformat()})
        .returning(ContactPoint.customer_id)
        .execution_options(synchronize_session=False)
    )
    reached = sorted(set(raised))
    if reached:
        await outbox.publish(session, "contact_point.delivered", {"customer_ids": reached})


async def mark_unreachable(session: AsyncSession, contact_point_id: UUID, *, at: datetime, actor: Actor) -> None:
    """Note that what was sent to an address came back, as the post does (D-P4); a second time keeps the first date."""
    changed = await session.execute(
        update(ContactPoint)
        .where(ContactPoint.id == contact_point_id, ContactPoint.invalid_at.is_(None))
        .values(invalid_at=at)
        .returning(ContactPoint.customer_id)
        .execution_options(synchronize_session=False)
    )
    customer_id = changed.scalar_one_or_none()
    if customer_id is not None:
        await _tell_bounce(session, customer_id, contact_point_id, actor=actor)


async def mark_bounced(session: AsyncSession, contact_point_id: UUID, *, at: datetime, actor: Actor) -> None:
    """Note that an address refused a message for good; a second bounce keeps the first date."""
    changed = await session.execute(
        update(ContactPoint)
        .where(ContactPoint.id == contact_point_id, ContactPoint.hard_bounced_at.is_(None))
        .values(hard_bounced_at=at, invalid_at=at)
        .returning(ContactPoint.customer_id)
        .execution_options(synchronize_session=False)
    )
    customer_id = changed.scalar_one_or_none()
    if customer_id is not None:
        await _tell_bounce(session, customer_id, contact_point_id, actor=actor)


async def _tell_bounce(session: AsyncSession, customer_id: UUID, contact_point_id: UUID, *, actor: Actor) -> None:
    await activity.record(
        session,
        actor,
        "contact_point.bounced",
        subject="customer",
        subject_id=customer_id,
        details={"contact_point_id": str(contact_point_id)},
    )
    await outbox.publish(session, "contact_point.bounced", {"customer_ids": [customer_id]})
