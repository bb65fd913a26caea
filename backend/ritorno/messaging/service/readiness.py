"""The stored answer of G1: looked at again when a sender or a notice changes, and every few minutes anyway."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.consents.models import Notice, NoticeVersion
from ritorno.consents.rules import Channel, Purpose
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging import queries
from ritorno.messaging.models import Sender, SenderReadiness
from ritorno.messaging.senders import Standing, captured_channels, look_at
from ritorno.stores import queries as stores


async def refresh_readiness(session: AsyncSession, settings: Settings) -> list[SenderReadiness]:
    """Look at every channel; a changed answer becomes a new row, so that past decisions can be explained."""
    now = clock.now()
    captured = captured_channels(settings)
    business = Standing(
        has_notice=await _has_notice(session, now),
        has_terms=await accountability.find_terms_acceptance(session) is not None,
        country=(await stores.get_business(session)).country,
    )
    senders: dict[str, list[Sender]] = defaultdict(list)
    for sender in await queries.list_senders(session):
        senders[sender.channel].append(sender)
    present = {row.channel: row for row in await queries.list_readiness(session)}
    for channel in Channel:
        state = look_at(channel, senders[channel], business, is_captured=channel in captured)
        row = present.get(channel)
        answer = (state.is_ready, state.is_ready_for_marketing)
        if row is None or (row.is_ready, row.is_ready_for_marketing) != answer:
            row = SenderReadiness(channel=channel, since=now, is_ready=answer[0], is_ready_for_marketing=answer[1])
            session.add(row)
            present[channel] = row
        row.checks, row.checked_at = list(state.checks), now
    await session.flush()
    return list(present.values())


async def _has_notice(session: AsyncSession, now: datetime) -> bool:
    """Tell whether a text about offers is in force: whoever is written to was told of it."""
    in_force = exists().where(
        Notice.purpose == Purpose.MKT_OWN, NoticeVersion.notice_id == Notice.id, NoticeVersion.effective_from <= now
    )
    return bool(await session.scalar(select(in_force)))
