"""Background entry points: the nightly fit and scoring, and the scoring of those who just bought."""

from datetime import date
from typing import Any
from uuid import UUID

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.scores import service
from ritorno.stores import queries as stores


async def refresh(work: Work, payload: dict[str, Any]) -> None:
    """Fit, then score everybody, one unit of work per batch, as of today or of `payload["on"]`; starting over is
    harmless.
    """
    async with work.session() as session:
        day = payload.get("on")
        on = date.fromisoformat(day) if day else clock.today((await stores.get_business(session)).timezone)
        await service.fit(session, on)
    after: UUID | None = None
    while True:
        async with work.session() as session:
            batch = await service.next_batch(session, after)
            if not batch:
                return
            await service.rescore(session, batch, on)
        after = batch[-1]


async def rescore(work: Work, payload: dict[str, Any]) -> None:
    """Score the customers named in `payload["customer_ids"]` again, so that who came back today is no longer due."""
    async with work.session() as session:
        on = clock.today((await stores.get_business(session)).timezone)
        await service.rescore(session, [UUID(customer_id) for customer_id in payload["customer_ids"]], on)
