"""Reads of erasures, restrictions and holds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.errors import CustomerNotFound
from ritorno.customers.queries import groups_of, living_of
from ritorno.erasures.errors import ErasureNotFound
from ritorno.erasures.models import Erasure, ProcessorErasure, Restriction
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.transactions.models import Hold

_BY_TIME = [datetime.fromisoformat, UUID]


async def cards_of(session: AsyncSession, customer_id: UUID) -> list[UUID]:
    """Return the living card of a person first, then every card that became part of it."""
    living = (await living_of(session, [customer_id])).get(customer_id)
    if living is None:
        raise CustomerNotFound()
    return [card.id for card in (await groups_of(session, [living]))[living]]


async def count_queued(session: AsyncSession, customer_ids: Sequence[UUID]) -> int:
    """Return how many messages wait to be sent to these people."""
    statement = select(func.count()).select_from(QueuedMessage).join(Message, Message.id == QueuedMessage.message_id)
    return await session.scalar(statement.where(Message.customer_id.in_(customer_ids))) or 0


async def get_erasure(session: AsyncSession, erasure_id: UUID) -> Erasure:
    erasure = await session.get(Erasure, erasure_id)
    if erasure is None:
        raise ErasureNotFound()
    return erasure


async def list_erasures(session: AsyncSession, query: PageQuery) -> Page[Erasure]:
    return await paginate(
        session, select(Erasure), key=[Erasure.erased_at, Erasure.id], query=query, descending=True, cast=_BY_TIME
    )


async def still_to_tell(session: AsyncSession, erasure_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many processors have not been told of each of these erasures."""
    rows = await session.execute(
        select(ProcessorErasure.erasure_id, func.count())
        .where(ProcessorErasure.erasure_id.in_(erasure_ids), ProcessorErasure.told_at.is_(None))
        .group_by(ProcessorErasure.erasure_id)
    )
    return dict(rows.all())


async def list_processor_erasures(
    session: AsyncSession, query: PageQuery, *, is_told: bool | None
) -> Page[ProcessorErasure]:
    statement = select(ProcessorErasure)
    if is_told is not None:
        told = ProcessorErasure.told_at
        statement = statement.where(told.is_not(None) if is_told else told.is_(None))
    return await paginate(
        session,
        statement,
        key=[ProcessorErasure.created_at, ProcessorErasure.id],
        query=query,
        descending=True,
        cast=_BY_TIME,
    )


async def holds_of(session: AsyncSession, customer_id: UUID) -> list[Hold]:
    """Return every hold of a person, the newest first; an erased card may still have one."""
    cards = await cards_of(session, customer_id)
    return list(await session.scalars(select(Hold).where(Hold.customer_id.in_(cards)).order_by(Hold.created_at.desc())))


async def restrictions_of(session: AsyncSession, customer_id: UUID) -> list[Restriction]:
    """Return when and why a person's cards were frozen, the newest first."""
    cards = await cards_of(session, customer_id)
    return list(
        await session.scalars(
            select(Restriction).where(Restriction.customer_id.in_(cards)).order_by(Restriction.restricted_at.desc())
        )
    )
