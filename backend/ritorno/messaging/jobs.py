"""Background entry points: what is due leaves, what was withdrawn stops, what did not bounce is delivered."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.messaging import confirming, service
from ritorno.messaging.dispatch import Dispatch, Pace

_one_road = asyncio.Lock()
"""One road per process: a second job would only open more connections for the same work."""


async def deliver_due(work: Work, payload: dict[str, Any]) -> None:
    """Send everything due, and go on while there is more; whoever finds the road taken leaves the work to it."""
    if _one_road.locked():
        return
    async with _one_road:
        lease = timedelta(seconds=work.settings.worker_lease_seconds)
        await Dispatch(work.settings, work.sessions, pace=Pace(lease=lease)).run()


async def stop_queued(work: Work, payload: dict[str, Any]) -> None:
    """Show a withdrawal at once on everything that waits for these people (C-14)."""
    async with work.session() as session:
        await service.stop_queued(session, [UUID(each) for each in payload["customer_ids"]])


async def check_readiness(work: Work, payload: dict[str, Any]) -> None:
    """Look again whether each channel may be used (G1)."""
    async with work.session() as session:
        await service.refresh_readiness(session, work.settings)


async def settle(work: Work, payload: dict[str, Any]) -> None:
    """Turn mail that did not bounce for a day into delivered (C-13)."""
    async with work.session() as session:
        await service.settle(session)


async def ask_confirmation(work: Work, payload: dict[str, Any]) -> None:
    """Write once to everybody whose yes on the web waits for a press in a mail (C-12)."""
    async with work.session() as session:
        await confirming.ask_where_waiting(
            session, [UUID(each) for each in payload["customer_ids"]], actor=Actor.system("consent")
        )
