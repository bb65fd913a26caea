"""The rights of the person over what was noted when they used their rights: told whole, and left without words."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.erasures.models import DeathReport, Restriction


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return when and why a card was frozen, and who reported a death."""
    frozen = await session.scalars(select(Restriction).where(Restriction.customer_id == customer_id))
    deaths = await session.scalars(select(DeathReport).where(DeathReport.customer_id == customer_id))
    return {
        "restrictions": [
            {
                "ground": each.ground,
                "asked_by": each.asked_by,
                "asked_on": each.asked_on.isoformat(),
                "restricted_at": each.restricted_at.isoformat(),
                "told_on": each.told_on.isoformat() if each.told_on else None,
                "lifted_at": each.lifted_at.isoformat() if each.lifted_at else None,
            }
            for each in frozen
        ],
        "death_reports": [
            {
                "reported_by": each.reported_by,
                "reported_on": each.reported_on.isoformat(),
                "note": each.heirs_note,
                "reversed_at": each.reversed_at.isoformat() if each.reversed_at else None,
            }
            for each in deaths
        ],
    }


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget the words about heirs; that rights were used is proof and holds codes."""
    await session.execute(update(DeathReport).where(DeathReport.customer_id == customer_id).values(heirs_note=None))
