"""The rights of the person over what is said of their card: its score, and when somebody went through it with them."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.quality.models import CardConfirmation, CardQuality
from ritorno.quality.service import refresh


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return how complete a card was found, and the day it was last confirmed."""
    found = await session.get(CardQuality, customer_id)
    confirmed = await session.get(CardConfirmation, customer_id)
    if found is None and confirmed is None:
        return {}
    return {
        "card_quality": {
            "score": found.score if found else None,
            "remarks": found.measures if found else [],
            "confirmed_on": confirmed.confirmed_on.isoformat() if confirmed else None,
        }
    }


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what was said of an erased card; the totals go down with it."""
    await session.execute(delete(CardConfirmation).where(CardConfirmation.customer_id == customer_id))
    await refresh(session, [customer_id])
