"""Dropping the beginnings of chains whose time is over, behind a signed link (C-31).

What is still in force stays, and so does everything said after it. The database lets only the owner of the tables drop
anything, and only behind a signature.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries
from ritorno.consents.models import ConsentEvent
from ritorno.consents.rules import count_spent
from ritorno.consents.verifying import sign_beginning
from ritorno.kit.config import Settings


class Beginning(NamedTuple):
    """The first entries of a card's chain, up to one."""

    customer_id: UUID
    upto: int
    length: int
    oldest: datetime


class _Place(NamedTuple):
    id: UUID
    seq: int
    recorded_at: datetime


async def find_spent(
    session: AsyncSession, *, erased: Collection[UUID], living: Collection[UUID], before: datetime
) -> list[Beginning]:
    """Return what may be dropped of these cards: all of an erased one, of a living person what no longer holds."""
    groups = await queries.cards_of(session, living)
    places = await _places(session, {*erased, *(card.id for cards in groups.values() for card in cards)})
    spent = {each: len(list(takewhile(lambda place: place.recorded_at < before, places[each]))) for each in erased}
    for cards in groups.values():
        order = {place.id: place.seq for card in cards for place in places[card.id]}
        chains = [card._replace(entries=sorted(card.entries, key=lambda entry: order[entry.id])) for card in cards]
        spent |= count_spent(chains, before=before)
    return [_beginning(each, places[each][:count]) for each, count in sorted(spent.items()) if count]


def _beginning(customer_id: UUID, places: Sequence[_Place]) -> Beginning:
    return Beginning(customer_id, places[-1].seq, len(places), min(place.recorded_at for place in places))


async def _places(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, list[_Place]]:
    found: dict[UUID, list[_Place]] = {each: [] for each in customer_ids}
    rows = await session.execute(
        select(ConsentEvent.customer_id, ConsentEvent.id, ConsentEvent.seq, ConsentEvent.recorded_at)
        .where(queries.among(ConsentEvent.customer_id, customer_ids))
        .order_by(ConsentEvent.customer_id, ConsentEvent.seq)
    )
    for row in rows:
        found[row.customer_id].append(_Place(row.id, row.seq, row.recorded_at))
    return found


async def drop_spent(
    session: AsyncSession,
    settings: Settings,
    *,
    erased: Collection[UUID],
    living: Collection[UUID],
    before: datetime,
) -> int:
    """Drop what may be dropped of these cards, in the owner's session; return how many entries that were."""
    await queries.lock_people(session, [*erased, *living])
    count = 0
    for found in await find_spent(session, erased=erased, living=living, before=before):
        await sign_beginning(session, settings, found.customer_id, seq=found.upto)
        count += await session.scalar(select(func.let_go_of_consents(found.customer_id, found.upto, before))) or 0
    return count
