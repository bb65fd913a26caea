"""Background entry points: what is due leaves, what was withdrawn stops, what did not bounce is delivered."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ritorno.consents.rules import TemplateClass
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.messaging import confirming, service
from ritorno.messaging.dispatch import Dispatch, Pace
from ritorno.messaging.models import TouchHold

_roads = {stream: asyncio.Lock() for stream in TemplateClass}
"""One road per stream in a process: a second job would only open more connections for the same work."""


async def deliver_due(work: Work, payload: dict[str, Any]) -> None:
    """Send everything due on every stream."""
    await asyncio.gather(*(_deliver(work, stream) for stream in TemplateClass))


async def deliver_service(work: Work, payload: dict[str, Any]) -> None:
    """Send the service mail that is due: on a road of its own, however full the other one is (E-09)."""
    await _deliver(work, TemplateClass.SERVICE)


async def deliver_marketing(work: Work, payload: dict[str, Any]) -> None:
    """Send the marketing mail that is due."""
    await _deliver(work, TemplateClass.MARKETING)


async def _deliver(work: Work, stream: TemplateClass) -> None:
    """Send, and go on while there is more; whoever finds the road taken leaves the work to it."""
    if _roads[stream].locked():
        return
    async with _roads[stream]:
        lease = timedelta(seconds=work.settings.worker_lease_seconds)
        await Dispatch(work.settings, work.sessions, pace=Pace(lease=lease), streams={stream}).run()


async def stop_queued(work: Work, payload: dict[str, Any]) -> None:
    """Show a withdrawal at once on everything that waits for these people (C-14)."""
    async with work.session() as session:
        await service.stop_queued(session, [UUID(each) for each in payload["customer_ids"]])


async def finish_cancelling(work: Work, payload: dict[str, Any]) -> None:
    """Take out, part by part, what cancelled touches still have waiting."""
    async with work.session() as session:
        cancelled = (await session.scalars(select(TouchHold.touch_id).where(TouchHold.is_final))).all()
    for touch_id in cancelled:
        more = True
        while more:
            async with work.session() as session:
                more = await service.finish_cancelling(session, touch_id)


async def check_readiness(work: Work, payload: dict[str, Any]) -> None:
    """Look again whether each channel may be used (G1)."""
    async with work.session() as session:
        await service.refresh_readiness(session, work.settings)


async def check_domains(work: Work, payload: dict[str, Any]) -> None:
    """Ask the network about the domains mail comes from, where mail really leaves (E-07)."""
    if not work.settings.captures_mail:
        await service.check_senders(work.sessions, work.settings)


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
