"""Looks at the clocks of open incidents."""

from typing import Any

from ritorno.accountability import service
from ritorno.kit.background import Work


async def watch_incidents(work: Work, payload: dict[str, Any]) -> None:
    """Raise the alerts whose moment has come."""
    async with work.session() as session:
        await service.raise_alerts(session)
