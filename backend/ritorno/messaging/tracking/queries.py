"""How many opened and followed, of those who allow it; machines are never counted (E-23, X-03)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import driver
from ritorno.messaging.models import Message, Template
from ritorno.messaging.tracking.models import MessageEvent, MessageLink
from ritorno.messaging.tracking.rules import BURST


class Measured(NamedTuple):
    """People, not events: who allowed it and got the mail, and how many of them did it."""

    opens_allowed: int
    opened: int
    clicks_allowed: int
    clicked: int


_MEASURED = """
with carried as (
    select message.customer_id, measured.message_id, measured.opens, measured.clicks
    from messages message join measured_messages measured on measured.message_id = message.id
    where message.touch_id = any($1::uuid[]) and message.status in ('sent', 'delivered', 'unknown')
), human as (
    select distinct event.message_id, event.kind from carried join message_events event using (message_id)
    -- A machine shows itself with its last link: what went before it within the burst was the same machine.
    where not event.is_machine and not exists (
        select from message_events later
        where later.message_id = event.message_id and later.kind = event.kind and later.is_machine
            and later.at between event.at and event.at + $2
    )
)
select count(distinct customer_id) filter (where opens),
    count(distinct customer_id) filter (where opens and (message_id, 'open') in (select message_id, kind from human)),
    count(distinct customer_id) filter (where clicks),
    count(distinct customer_id) filter (where clicks and (message_id, 'click') in (select message_id, kind from human))
from carried
"""


async def measured(session: AsyncSession, touch_ids: Sequence[UUID]) -> Measured:
    """Return what became of the measured mails of these touches together."""
    connection = await driver(session)
    row = await connection.fetchrow(_MEASURED, list(touch_ids), BURST)
    return Measured(*row)


class Happened(NamedTuple):
    """One opening or click, as its person is told of it."""

    at: datetime
    kind: str
    is_machine: bool
    url: str | None
    template_name: str


async def events_of(session: AsyncSession, customer_id: UUID) -> list[Happened]:
    """Return everything measured of one person, oldest first."""
    statement = (
        select(MessageEvent.at, MessageEvent.kind, MessageEvent.is_machine, MessageLink.url, Template.name)
        .join(Message, Message.id == MessageEvent.message_id)
        .join(Template, Template.id == Message.template_id)
        .outerjoin(
            MessageLink,
            (MessageLink.template_id == Message.template_id)
            & (MessageLink.version == Message.template_version)
            & (MessageLink.language == Message.language)
            & (MessageLink.link_index == MessageEvent.link_index),
        )
        .where(Message.customer_id == customer_id)
        .order_by(MessageEvent.at, MessageEvent.id)
    )
    return [Happened(*row) for row in (await session.execute(statement)).all()]
