"""Background entry points: a batch is made, pages are thrown away."""

from typing import Any
from uuid import UUID

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.postal import making, service


async def prepare(work: Work, payload: dict[str, Any]) -> None:
    """Take the letters of a batch from the queue and make its pages."""
    await making.make(work, UUID(payload["batch_id"]))


async def forget_files(work: Work, payload: dict[str, Any]) -> None:
    """Throw away pages and addresses that are over their time, or with somebody on them who is not written to."""
    async with work.session() as session:
        await service.forget_files(session, work.settings, now=clock.now())
