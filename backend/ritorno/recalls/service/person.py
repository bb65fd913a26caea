"""The person's own rights over their recalls (STYLE §2)."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

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


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> None:
    """Move occasions and dismissals of a merged card; what both cards have stays with the card that is kept."""
    planned = {
        (row.recall_id, row.occasion)
        for row in await session.scalars(select(RecallOccasion).where(RecallOccasion.customer_id == into))
    }
    put_off = set(await session.scalars(select(RecallDismissal.recall_id).where(RecallDismissal.customer_id == into)))
    mine = select(RecallOccasion).where(RecallOccasion.customer_id == customer_id)
    for occasion in (await session.scalars(mine)).all():
        if (occasion.recall_id, occasion.occasion) in planned:
            await session.delete(occasion)
        else:
            occasion.customer_id = into
    own = select(RecallDismissal).where(RecallDismissal.customer_id == customer_id)
    for dismissal in (await session.scalars(own)).all():
        if dismissal.recall_id in put_off:
            await session.delete(dismissal)
        else:
            dismissal.customer_id = into
    await session.flush()
