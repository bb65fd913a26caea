"""The rights of the person over files out: none that holds people outlives the erasure of one of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.exports.models import Export
from ritorno.exports.rules import ExportState
from ritorno.kit import clock, outbox


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return nothing: a file does not remember whom it held; to whom people were given is told by disclosures."""
    return []


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """End the time of every file at once: which people one holds is written nowhere but in it. The job that follows
    an erasure takes the files away; those in the making are begun again.
    """
    now = clock.now()
    await session.execute(
        update(Export).where(Export.state == ExportState.DONE, Export.expires_at > now).values(expires_at=now)
    )
    # A run that may have read the person already finds that the file is not its own any more, and another begins.
    again = await session.scalars(
        update(Export)
        .where(Export.state == ExportState.RUNNING, Export.run_id.is_not(None))
        .values(run_id=None)
        .returning(Export.id)
    )
    for export_id in again.all():
        await outbox.publish(session, "export.requested", {"export_id": export_id})
