"""The daily run."""

from typing import Any

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.recalls import service
from ritorno.stores import queries as stores


async def plan_day(work: Work, payload: dict[str, Any]) -> None:
    """Plan every active recall for today; a second run of the same day finds each recall's run and adds nothing."""
    async with work.session() as session:
        business = await stores.get_business(session)
        await service.run_day(session, clock.today(business.timezone), work.actor)
