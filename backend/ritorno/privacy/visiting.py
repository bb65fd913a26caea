"""Who opens `/p/{token}`, and how far the link lets them go (E-05).

A link at the foot of a message changes choices for thirty days and shows nobody's data, because messages are passed on.
Data is shown for a day to whoever asked for a link and opened it in the mailbox we know. A printed code opens the page,
and so does a link that grew old: from there a new link goes to the address on file, and nothing is told to the reader.
"""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import tokens
from ritorno.consents.queries import lock_people
from ritorno.consents.rules import Channel
from ritorno.consents.tokens import Link, Use
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.queries import living_of
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.problems import Problem
from ritorno.messaging import permissions
from ritorno.messaging import queries as messages
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message, Template

SUBJECT = Actor("subject", None, "")

CHOOSES_FOR = timedelta(days=30)
READS_FOR = timedelta(hours=24)
CONFIRMS_FOR = timedelta(hours=72)
"""How long a press in a message proves that its address answers, as for the mail that asks (C-12)."""
LINK_TEMPLATE = "preferences-link"
LINKS_A_DAY = 3

_SURE: frozenset[str] = frozenset({ContactLevel.DELIVERED_OK, ContactLevel.CONFIRMED})


class Reach(IntEnum):
    """What a link lets its reader do; each includes the one before."""

    OPENS = 0
    CHOOSES = 1
    READS = 2


class Visit(NamedTuple):
    """One genuine link, the person it was written to by the card they have today, and its reach."""

    link: Link
    customer: Customer
    point: ContactPoint | None
    """The address the link came to, while it is still theirs."""
    reach: Reach

    @property
    def is_closed(self) -> bool:
        """Tell whether there is nobody to choose any more."""
        return self.customer.erased_at is not None or self.customer.deceased_at is not None

    @property
    def evidence(self) -> list[dict[str, str]]:
        return [{"type": "message", "uri": f"message:{self.link.message_id}"}]

    @property
    def is_from_confirmed_address(self) -> bool:
        """Tell whether this press proves as much as the one in a confirmation mail: same address, same three days."""
        return (
            self.point is not None
            and self.point.level == ContactLevel.CONFIRMED
            and clock.now() - self.link.issued_at <= CONFIRMS_FOR
        )


async def find_visit(session: AsyncSession, settings: Settings, token: str) -> Visit | None:
    """Return who is at the door; None for every link that is not genuine, or whose person we no longer know."""
    link = tokens.read(settings, token, Use.CHOICES, Use.PAPER)
    if link is None:
        return None
    customer_id = (await living_of(session, [link.customer_id])).get(link.customer_id)
    customer = await session.get(Customer, customer_id) if customer_id is not None else None
    if customer is None:
        return None
    point = await session.get(ContactPoint, link.contact_point_id)
    if point is not None and (point.customer_id != customer.id or point.valid_to is not None):
        point = None
    return Visit(link, customer, point, await _reach(session, link, point))


async def _reach(session: AsyncSession, link: Link, point: ContactPoint | None) -> Reach:
    age = clock.now() - link.issued_at
    if point is None or link.use is Use.PAPER or age > CHOOSES_FOR:
        return Reach.OPENS
    if age > READS_FOR or point.level not in _SURE:
        return Reach.CHOOSES
    asked = await session.scalar(
        select(Template.code).join(Message, Message.template_id == Template.id).where(Message.id == link.message_id)
    )
    return Reach.READS if asked == LINK_TEMPLATE else Reach.CHOOSES


async def send_link(session: AsyncSession, visit: Visit) -> None:
    """Write a new link to the address on file, three times a day at most.

    Nothing is said of what became of it: whoever holds an old link or a printed code learns nothing.
    """
    await lock_people(session, [visit.customer.id])
    now = clock.now()
    facts = (await permissions.load_facts(session, [visit.customer.id], at=now))[visit.customer.id]
    contact = facts.contacts.get(Channel.EMAIL)
    if contact is None or contact.level not in _SURE:
        return
    if await _sent_since(session, visit.customer.id, now) >= LINKS_A_DAY:
        return
    try:
        async with session.begin_nested():
            template = await messages.get_template_by_code(session, LINK_TEMPLATE)
            await messaging.write_to_customer(
                session,
                customer_id=visit.customer.id,
                template_id=template.id,
                channel=Channel.EMAIL,
                actor=SUBJECT,
            )
    except Problem as refusal:
        await activity.record(
            session,
            SUBJECT,
            "preferences.link_refused",
            subject="customer",
            subject_id=visit.customer.id,
            details={"code": refusal.code},
        )


async def _sent_since(session: AsyncSession, customer_id: UUID, now: datetime) -> int:
    counted = await session.scalar(
        select(func.count())
        .select_from(Message)
        .join(Template, Template.id == Message.template_id)
        .where(
            Message.customer_id == customer_id,
            Template.code == LINK_TEMPLATE,
            Message.planned_at > now - timedelta(days=1),
        )
    )
    return counted or 0


async def current_points(session: AsyncSession, customer_id: UUID) -> dict[ContactKind, ContactPoint]:
    """Return the address of each kind that is used today."""
    rows = await session.scalars(
        select(ContactPoint)
        .where(ContactPoint.customer_id == customer_id, ContactPoint.valid_to.is_(None))
        .order_by(ContactPoint.is_primary, ContactPoint.valid_from, ContactPoint.id)
    )
    return {ContactKind(point.kind): point for point in rows}
