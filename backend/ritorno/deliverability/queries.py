"""Reads of what arrived. Hours are summed from `delivery_hours`; what comes back later is rare and is read where it is
kept: returned mail in the tables of `inbound`, a domain above, and withdrawals in the ledger.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.deliverability.models import DeliveryCount
from ritorno.deliverability.rules import Counts
from ritorno.kit.db import driver
from ritorno.messaging.models import StreamHold
from ritorno.messaging.pacing.rules import receiver_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Line = tuple[str, str]
"""One stream of one channel."""


class By(Enum):
    """What counts are broken down by: SQL for an hour, for a returned mail, and for a withdrawal."""

    ALL = ("''", "''", "''")
    DAY = tuple(f"({at} at time zone $2)::date" for at in ("hour", "mail.received_at", "event.recorded_at"))
    RECEIVER = ("receiver", "lower(split_part(point.value, '@', 2))", "''")


_HOURS = """
select channel, stream, {key}, sum(sent)::int, sum(bounced)::int, sum(refused)::int, sum(refused_by_policy)::int,
    sum(deferred)::int
from delivery_hours where hour >= $1 and $2::text is not null group by 1, 2, 3
"""

_RETURNED = """
select message.channel, message.template_class, {key},
    count(distinct message.id) filter (where mail.kind = 'complaint')::int,
    count(distinct message.id) filter (where mail.kind = 'bounce' and message.status = 'bounced')::int,
    count(distinct message.id) filter (
        where mail.kind = 'bounce' and message.status = 'bounced' and mail.blame = 'hard')::int,
    count(distinct message.id) filter (
        where mail.kind = 'bounce' and mail.blame = 'ours' and mail.status_code like '5.7.%')::int
from inbound_mails mail
join messages message on message.id = mail.message_id
left join contact_points point on point.id = message.contact_point_id
where mail.received_at >= $1 and mail.kind in ('complaint', 'bounce') and $2::text is not null
    and coalesce(message.sent_at, message.planned_at) >= $3
group by 1, 2, 3
"""

# An id tells when it was made, so that the ledger needs no index by time.
_WITHDRAWN = """
select case event.method when 'SMS_KEYWORD' then 'SMS' else 'EMAIL' end, 'MARKETING', {key},
    count(distinct event.customer_id)::int
from consent_events event
where event.id >= $3 and event.recorded_at >= $1 and $2::text is not null and event.purpose = 'MKT_OWN'
    and event.action in ('WITHDRAW', 'OBJECT') and event.party = 'SUBJECT'
    and event.method in ('LIST_UNSUB_POST', 'EMAIL_LINK', 'SMS_KEYWORD')
group by 1, 2, 3
"""


async def count_since(
    session: AsyncSession,
    since: datetime,
    *,
    by: By = By.ALL,
    zone: str = "UTC",
    sent_since: datetime = EPOCH,
    has_withdrawals: bool = True,
) -> dict[tuple[str, str, Any], Counts]:
    """Return what arrived of each stream since an hour began, broken down; what came back of mail sent earlier than
    `sent_since` is left out.
    """
    connection = await driver(session)
    hours, returned, withdrawn = by.value
    found: dict[tuple[str, str, Any], Counts] = defaultdict(Counts)
    for channel, stream, key, sent, bounced, refused, by_policy, deferred in await connection.fetch(
        _HOURS.format(key=hours), since, zone
    ):
        found[channel, stream, key] += Counts(sent, bounced, refused, by_policy, deferred)
    rows = await connection.fetch(_RETURNED.format(key=returned), since, zone, sent_since)
    for channel, stream, key, complained, came_back, hard, by_policy in rows:
        place = receiver_named(key) if by is By.RECEIVER else key
        found[channel, stream, place] += Counts(
            complained=complained, returned=came_back, returned_hard=hard, refused_by_policy=by_policy
        )
    if not has_withdrawals:
        return found
    for channel, stream, key, unsubscribed in await connection.fetch(
        _WITHDRAWN.format(key=withdrawn), since, zone, _first_id(since)
    ):
        found[channel, stream, key] += Counts(unsubscribed=unsubscribed)
    return found


async def sent_on_days_complained_about(
    session: AsyncSession, line: Line, since: datetime, *, zone: str, sent_since: datetime
) -> int:
    """Return how much of a stream went out on the days of the messages that people complain of: often a day later."""
    connection = await driver(session)
    sent = await connection.fetchval(
        """
        select sum(sent) from delivery_hours
        where channel = $1 and stream = $2 and hour >= $5 and (hour at time zone $4)::date in (
            select (coalesce(message.sent_at, message.planned_at) at time zone $4)::date
            from inbound_mails mail join messages message on message.id = mail.message_id
            where mail.kind = 'complaint' and mail.received_at >= $3
              and message.channel = $1 and message.template_class = $2
              and coalesce(message.sent_at, message.planned_at) >= $5
        )
        """,
        *line,
        since,
        zone,
        sent_since,
    )
    return int(sent or 0)


def receiver_named(domain: str | None) -> str:
    """Return a host that many share, or nothing: a domain of one person says who that person is."""
    group = receiver_of(f"@{domain}") if domain else ""
    return "" if "." in group else group


def _first_id(since: datetime) -> UUID:
    """Return the smallest id that could have been made from a moment on."""
    return UUID(int=int(since.timestamp() * 1000) << 80)


async def counted_until(session: AsyncSession) -> datetime:
    return (await session.scalars(select(DeliveryCount.counted_until))).one()


async def list_holds(session: AsyncSession, *, limit: int = 50) -> Sequence[StreamHold]:
    """Return the holds of every stream, newest first."""
    return (await session.scalars(select(StreamHold).order_by(StreamHold.since.desc()).limit(limit))).all()


async def last_lifted(session: AsyncSession) -> dict[Line, datetime]:
    """Return when each stream was last allowed to go on."""
    statement = select(StreamHold.channel, StreamHold.stream, func.max(StreamHold.lifted_at))
    rows = await session.execute(statement.group_by(StreamHold.channel, StreamHold.stream))
    return {(channel, stream): lifted_at for channel, stream, lifted_at in rows if lifted_at is not None}


async def sent_by_day(session: AsyncSession, days_since: datetime, zone: str) -> Iterator[tuple[date, str, int]]:
    """Return how much mail each receiver took in on each day, of all streams together (E-07)."""
    connection = await driver(session)
    rows = await connection.fetch(
        """
        select (hour at time zone $2)::date, receiver, sum(sent)::int from delivery_hours
        where hour >= $1 and channel = 'EMAIL' and receiver <> '' group by 1, 2
        """,
        days_since,
        zone,
    )
    return ((row[0], row[1], row[2]) for row in rows)
