"""Making files in the background, and taking them away in the night."""

from typing import Any
from uuid import UUID

from ritorno.exports import making, service
from ritorno.kit import clock
from ritorno.kit.background import Work


async def produce(work: Work, payload: dict[str, Any]) -> None:
    """Make the file that was asked for."""
    await making.make(work, UUID(payload["export_id"]))


async def expire(work: Work, payload: dict[str, Any]) -> None:
    """Remove the files that are over their time, and what killed runs left behind."""
    async with work.session() as session:
        await service.expire(session, work.settings, clock.now())
