"""Background entry points: cards kept in step with what happened, with time, and with the owner's ranks."""

from typing import Any
from uuid import UUID

from ritorno.kit.background import Work
from ritorno.quality import service


async def refresh(work: Work, payload: dict[str, Any]) -> None:
    """Assess the cards named in `payload["customer_ids"]`."""
    ids = [UUID(customer_id) for customer_id in payload["customer_ids"]]
    for start in range(0, len(ids), service.BATCH):
        async with work.session() as session:
            await service.refresh(session, ids[start : start + service.BATCH])


async def sweep(work: Work, _payload: dict[str, Any]) -> None:
    """Walk on over every card, one unit of work per batch; a second worker goes on where the first one is."""
    more = True
    while more:
        async with work.session() as session:
            more = await service.sweep_next(session)


async def turn_day(work: Work, payload: dict[str, Any]) -> None:
    """Bring the day in: the cards without a row yet, those a date has caught up with, and the totals for the trend."""
    async with work.session() as session:
        await service.begin_first_sweep(session)
    await sweep(work, payload)
    more = True
    while more:
        async with work.session() as session:
            more = await service.refresh_due(session)
    async with work.session() as session:
        await service.keep_day(session)
