"""Planning in the background, one batch in each unit of work."""

from typing import Any
from uuid import UUID

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.touches import service


async def plan(work: Work, payload: dict[str, Any]) -> None:
    """Freeze a touch's audience; a second worker finds the cursor moved and adds nothing."""
    more = True
    while more:
        async with work.session() as session:
            more = await service.plan_next(session, UUID(payload["touch_id"]), at=clock.now())
