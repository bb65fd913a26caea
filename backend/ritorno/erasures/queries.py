"""Reads of erasures."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.errors import CustomerNotFound
from ritorno.customers.queries import groups_of, living_of


async def cards_of(session: AsyncSession, customer_id: UUID) -> list[UUID]:
    """Return the living card of a person first, then every card that became part of it."""
    living = (await living_of(session, [customer_id])).get(customer_id)
    if living is None:
        raise CustomerNotFound()
    return [card.id for card in (await groups_of(session, [living]))[living]]
