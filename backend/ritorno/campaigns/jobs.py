"""Campaigns that move by themselves: the scheduled ones leave, the finished ones close."""

from typing import Any

from ritorno.campaigns import queries, service
from ritorno.kit import clock
from ritorno.kit.background import Work


async def launch_due(work: Work, payload: dict[str, Any]) -> None:
    """Launch what is due and close what is done; each campaign in its own unit of work, and twice does no harm."""
    at = clock.now()
    async with work.session() as session:
        due = await queries.due_to_launch(session, at)
        sending = await queries.sending(session)
    for campaign_id in due:
        async with work.session() as session:
            await service.launch_scheduled(session, campaign_id, at=at, actor=work.actor)
    for campaign_id in sending:
        async with work.session() as session:
            await service.finish_if_done(session, campaign_id, at=at)
