"""The person's own rights over their recalls (STYLE §2)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import rehoming
from ritorno.kit.rehoming import Keys, Moved
from ritorno.recalls.models import RecallDismissal, RecallOccasion


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return every occasion on which this person was to be called back, and what they were put off from."""
    occasions = await session.scalars(
        select(RecallOccasion).where(RecallOccasion.customer_id == customer_id).order_by(RecallOccasion.on_date)
    )
    dismissals = await session.scalars(select(RecallDismissal).where(RecallDismissal.customer_id == customer_id))
    return [
        *[
            {
                "kind": "occasion",
                "occasion": each.occasion,
                "on": each.on_date.isoformat(),
                "was_reached": each.was_reached,
            }
            for each in occasions
        ],
        *[
            {
                "kind": "dismissal",
                "recall_id": str(each.recall_id),
                "until": each.until.isoformat() if each.until else None,
            }
            for each in dismissals
        ],
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget that this person was ever to be called back; the runs keep their counts."""
    await session.execute(delete(RecallOccasion).where(RecallOccasion.customer_id == customer_id))
    await session.execute(delete(RecallDismissal).where(RecallDismissal.customer_id == customer_id))


_REHOMED = (RecallOccasion, RecallDismissal)


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Move the occasions and dismissals of a merged card; what both cards have stays with each."""
    return await rehoming.rehome(session, _REHOMED, customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its occasions and dismissals."""
    await rehoming.rehome_back(session, _REHOMED, customer_id, out_of=out_of, moved=moved)
