"""Yeses said on the web that nobody has confirmed yet (C-12): the newest word of the person, and only a wait."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import ConsentEvent
from ritorno.consents.queries import among
from ritorno.consents.rules import Action, Channel, Party, Purpose
from ritorno.customers.queries import groups_of


class Waiting(NamedTuple):
    """One yes that waits, with what its confirmation must repeat."""

    customer_id: UUID
    event_id: UUID
    purpose: Purpose
    channel: Channel | None
    recipient_id: UUID | None
    contact_point_id: UUID | None
    notice_version_id: UUID | None
    locale: str | None
    party: Party
    occurred_at: datetime


async def waiting_of(session: AsyncSession, customer_ids: Collection[UUID]) -> list[Waiting]:
    """Return what waits on all cards of these people, oldest first.

    A yes that followed a no waits too, although the no is what stands until it is confirmed. A no to all third parties
    ends the wait for each (C-19).
    """
    groups = await groups_of(session, customer_ids)
    owners = {card.id: customer_id for customer_id, cards in groups.items() for card in cards}
    rows = await session.scalars(
        select(ConsentEvent)
        .where(among(ConsentEvent.customer_id, owners))
        .ext(
            distinct_on(ConsentEvent.customer_id, ConsentEvent.purpose, ConsentEvent.channel, ConsentEvent.recipient_id)
        )
        .order_by(
            ConsentEvent.customer_id,
            ConsentEvent.purpose,
            ConsentEvent.channel,
            ConsentEvent.recipient_id,
            ConsentEvent.occurred_at.desc(),
            ConsentEvent.seq.desc(),
        )
    )
    newest: dict[tuple[UUID, str, str | None, UUID | None], ConsentEvent] = {}
    for event in rows:
        key = (owners[event.customer_id], event.purpose, event.channel, event.recipient_id)
        if key not in newest or newest[key].occurred_at < event.occurred_at:
            newest[key] = event
    waiting = [
        _waiting(key[0], event)
        for key, event in newest.items()
        if event.action == Action.GRANT_PENDING and not _is_ended(event, newest.get((*key[:3], None)))
    ]
    return sorted(waiting, key=lambda each: (each.occurred_at, each.event_id))


_NOES = frozenset({Action.DENY, Action.WITHDRAW, Action.OBJECT})


def _is_ended(event: ConsentEvent, to_all: ConsentEvent | None) -> bool:
    return to_all is not None and to_all.action in _NOES and to_all.occurred_at >= event.occurred_at


def _waiting(customer_id: UUID, event: ConsentEvent) -> Waiting:
    return Waiting(
        customer_id,
        event.id,
        Purpose(event.purpose),
        Channel(event.channel) if event.channel else None,
        event.recipient_id,
        event.contact_point_id,
        event.notice_version_id,
        event.locale,
        Party(event.party),
        event.occurred_at,
    )
