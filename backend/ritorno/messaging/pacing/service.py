"""What the road asks before it claims, and what it learns from a refusal: lines held, paces, young domains.

An installation nobody slows down has no row here, and pays one small question for each claim.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit.db import driver
from ritorno.messaging import handoff
from ritorno.messaging.handoff import BY_HAND, Claimed, Line
from ritorno.messaging.models import Sender, SendPace
from ritorno.messaging.pacing import rules
from ritorno.messaging.pacing.rules import Pace, Warmup
from ritorno.stores import queries as stores

_CHANNELS = sorted(set(Channel) - BY_HAND)


class Road(NamedTuple):
    """Which lines may be claimed now."""

    lines: list[Line]
    young: list[Line]
    """Lines of a domain that is made known little by little: each has an allowance (E-18)."""
    has_paces: bool


_ROAD = """
select (select array_agg(row(channel, stream)) from stream_holds where lifted_at is null),
    (select array_agg(row(channel, stream)) from senders where warmup_started_on is not null),
    exists (select from send_paces)
"""


async def road_of(session: AsyncSession, streams: Collection[TemplateClass]) -> Road:
    """Return the lines of these streams that nobody holds."""
    connection = await driver(session)
    held, warming, has_paces = await connection.fetchrow(_ROAD)
    closed, young = {tuple(each) for each in held or ()}, {tuple(each) for each in warming or ()}
    lines = [Line(channel, stream) for stream in sorted(streams) for channel in _CHANNELS]
    return Road(
        [line for line in lines if line not in closed and line not in young],
        [line for line in lines if line not in closed and line in young],
        has_paces,
    )


# ── one receiver (E-17) ───────────────────────────────────────────────────────────────────────────────────────────────


async def claim_paced(
    session: AsyncSession, worker: UUID, lines: Collection[Line], *, now: datetime, lease: timedelta, limit: int
) -> list[Claimed]:
    """Take from the lines of slow receivers what their tokens allow; a pace another worker is looking at is left."""
    claimed: list[Claimed] = []
    of_these = tuple_(SendPace.channel, SendPace.stream).in_(lines)
    for row in (await session.scalars(select(SendPace).where(of_these).with_for_update(skip_locked=True))).all():
        line = Line(row.channel, row.stream)
        if len(claimed) >= limit:
            break
        pace = rules.refilled(_pace_of(row), now)
        if pace is None:
            await session.delete(row)
            await session.flush()
            await handoff.release_paced(session, line, row.receiver)
            continue
        most = min(int(pace.tokens), limit - len(claimed))
        taken = (
            await handoff.claim_paced(session, worker, line, row.receiver, now=now, lease=lease, limit=most)
            if most
            else []
        )
        claimed += taken
        _write(row, pace._replace(tokens=pace.tokens - len(taken)))
    return claimed


async def slow_down(session: AsyncSession, refused: Iterable[Claimed], *, now: datetime) -> None:
    """Halve the pace towards each receiver that asked for it, once however many mails it refused."""
    asking = {(each.channel, each.template_class, each.receiver) for each in refused if each.receiver}
    # In one order, so that two lanes never wait for each other.
    for channel, stream, receiver in sorted(asking):
        row = await session.get(SendPace, (channel, stream, receiver), with_for_update=True)
        if row is not None:
            _write(row, rules.slowed(_pace_of(row), now))
            continue
        connection = await driver(session)
        await connection.execute(
            """
            insert into send_paces (channel, stream, receiver, per_minute, tokens, updated_at, clean_since)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
            """,
            *(channel, stream, receiver),
            *rules.slowed(None, now),
        )


def _pace_of(row: SendPace) -> Pace:
    return Pace(row.per_minute, row.tokens, row.updated_at, row.clean_since)


def _write(row: SendPace, pace: Pace) -> None:
    row.per_minute, row.tokens, row.updated_at, row.clean_since = pace


# ── a young domain (E-18) ─────────────────────────────────────────────────────────────────────────────────────────────


async def allowance_of(session: AsyncSession, line: Line, *, now: datetime) -> int | None:
    """Return how many more a young line may claim today, None when it may write freely; its sender stays locked until
    the claim is committed, so that two workers never share the same allowance.
    """
    statement = select(Sender).where(Sender.channel == line.channel, Sender.stream == line.stream)
    sender = (await session.scalars(statement.with_for_update())).one()
    if sender.warmup_started_on is None:
        return None
    zone = ZoneInfo((await stores.get_business(session)).timezone)
    today = now.astimezone(zone).date()
    kept = _warmup_of(sender)
    connection = await driver(session)
    complaints = await _complaints_on(connection, kept.day if kept else today, zone)
    warmup = rules.warmup_on(kept, today, complaints=complaints)
    if warmup is None:
        sender.warmup_started_on = sender.warmup_day = None
        return None
    if warmup != kept:
        sender.warmup_day, sender.warmup_allowance, sender.warmup_sent, sender.warmup_deferred = warmup
        complaints = await _complaints_on(connection, today, zone)
    on_its_way: int = await connection.fetchval(
        "select count(*) from message_queue where worker is not null and state = 'claimed'"
        " and channel = $1 and stream = $2",
        *line,
    )
    return max(0, rules.left_of(warmup, complaints=complaints) - on_its_way)


def _warmup_of(sender: Sender) -> Warmup | None:
    if sender.warmup_day is None:
        return None
    return Warmup(sender.warmup_day, sender.warmup_allowance, sender.warmup_sent, sender.warmup_deferred)


async def _complaints_on(connection: "asyncpg.Connection[asyncpg.Record]", day: date, zone: ZoneInfo) -> int:
    """Return how many people complained on a day: each is a suppression of their address (E-14)."""
    starts, ends = (datetime.combine(each, time(0), zone) for each in (day, day + timedelta(days=1)))
    found: int = await connection.fetchval(
        "select count(*) from suppressions where reason = 'COMPLAINT' and since >= $1 and since < $2", starts, ends
    )
    return found


async def count_young(session: AsyncSession, lines: Iterable[Line], *, deferred: bool = False, times: int = 1) -> None:
    """Count mails of young lines that left, or that were put off; elsewhere this changes nothing. With minus one times
    what was counted is taken back.
    """
    connection = await driver(session)
    column = "warmup_deferred" if deferred else "warmup_sent"
    for line, number in sorted(Counter(lines).items()):
        await connection.execute(
            f"update senders set {column} = {column} + $3"
            " where channel = $1 and stream = $2 and warmup_started_on is not null",
            *line,
            number * times,
        )
