"""Every minute: what ended is counted, and a marketing stream that does harm is told to wait (E-08, B-33)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.deliverability import queries
from ritorno.deliverability.queries import EPOCH, By
from ritorno.deliverability.rules import BULK_A_DAY, Counts, is_refused_by_policy, must_hold
from ritorno.kit import clock
from ritorno.messaging import queries as messaging
from ritorno.messaging import service as messages
from ritorno.messaging.models import Sender
from ritorno.messaging.rules import HoldReason
from ritorno.stores import queries as stores


async def hold_where_needed(session: AsyncSession) -> None:
    """Hold each stream whose numbers ask for it. What happened before a person lifted the last hold is not held
    against it again.
    """
    now = clock.now()
    zone = (await stores.get_business(session)).timezone
    held = {(hold.channel, hold.stream) for hold in await messaging.open_holds(session)}
    lifted = await queries.last_lifted(session)
    lines: dict[datetime, list[queries.Line]] = defaultdict(list)
    for line in product((Channel.EMAIL.value, Channel.SMS.value), (stream.value for stream in TemplateClass)):
        if line not in held:
            lines[_next_hour(lifted.get(line, EPOCH))].append(line)
    for floor, together in lines.items():
        await _look_at(session, together, now=now, zone=zone, floor=floor)
    await _note_large_sender(session, now=now, zone=zone)


async def _look_at(
    session: AsyncSession, lines: list[queries.Line], *, now: datetime, zone: str, floor: datetime
) -> None:
    midnight = max(_hour(_midnight(now, zone)), floor)
    last_24h, today = [
        await queries.count_since(session, since, sent_since=floor, has_withdrawals=False)
        for since in (max(_hour(now - timedelta(hours=24)), floor), midnight)
    ]
    last_hour = await queries.count_since(
        session, max(_hour(now - timedelta(hours=1)), floor), by=By.RECEIVER, has_withdrawals=False
    )
    for line in lines:
        # What somebody waits for is not stopped because of a few; a receiver that takes nothing in stops everything.
        found: tuple[HoldReason, Mapping[str, Any]] | None = None
        if line[1] == TemplateClass.MARKETING:
            of_today = today.get((*line, ""), Counts())
            if of_today.complained:
                sent = await queries.sent_on_days_complained_about(session, line, midnight, zone=zone, sent_since=floor)
                of_today = replace(of_today, sent=max(of_today.sent, sent))
            found = must_hold(last_24h.get((*line, ""), Counts()), of_today)
        found = found or _refused(line, last_hour)
        if found is not None:
            await messages.hold_stream(session, *line, found[0], dict(found[1]))


def _refused(
    line: queries.Line, last_hour: dict[tuple[str, str, Any], Counts]
) -> tuple[HoldReason, Mapping[str, Any]] | None:
    """Return which receiver refuses whatever comes from this line, and how often (B-33)."""
    for (channel, stream, receiver), counts in last_hour.items():
        if (channel, stream) == line and receiver and is_refused_by_policy(counts):
            told = {"receiver": receiver, "count": counts.refused_by_policy, "of": counts.handed_over, "hours": 1}
            return HoldReason.REFUSED_BY_POLICY, told
    return None


async def _note_large_sender(session: AsyncSession, *, now: datetime, zone: str) -> None:
    """Remember that receivers now count our mail among the large ones, which they do for ever (E-07)."""
    since = _midnight(now - timedelta(days=1), zone)
    if any(sent >= BULK_A_DAY for _, _, sent in await queries.sent_by_day(session, since, zone)):
        await session.execute(
            update(Sender)
            .where(Sender.channel == Channel.EMAIL, Sender.bulk_since.is_(None))
            .values(bulk_since=now)
            .execution_options(synchronize_session=False)
        )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _next_hour(at: datetime) -> datetime:
    return at if at == EPOCH else _hour(at) + timedelta(hours=1)


def _midnight(at: datetime, zone: str) -> datetime:
    place = ZoneInfo(zone)
    return at.astimezone(place).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)
