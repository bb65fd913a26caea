"""Every message is counted once, about a minute after the road is done with it.

The sweep reads those that ended since it looked last – PostgreSQL finds their pages by a summary – and adds them to
their hour. It looks no closer to now than `LAG`, so that what is still being written down is not missed.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.deliverability.models import DeliveryCount
from ritorno.deliverability.queries import receiver_named
from ritorno.kit import clock
from ritorno.kit.db import driver

LAG = timedelta(seconds=30)
AT_ONCE = timedelta(hours=6)
"""After an outage the past is taken up in steps, each a transaction of its own."""
KEPT = timedelta(days=400)

# A message was put off when it went back to the queue with a server's words; those words tell a refusal's kind.
_ENDED = """
select date_trunc('hour', message.ended_at), message.channel, message.template_class,
    lower(split_part(point.value, '@', 2)),
    count(*) filter (where message.sent_at = message.ended_at),
    count(*) filter (where message.sent_at is distinct from message.ended_at and message.status = 'bounced'),
    count(*) filter (where message.status = 'failed'),
    count(*) filter (where message.status = 'failed'
        and message.history -> -1 ->> 'detail' ~ '\\m5\\.7\\.[0-9]'),
    count(*) filter (where jsonb_path_exists(message.history, '$[*] ? (@.status == "queued" && @.detail != null)'))
from messages message
left join contact_points point on point.id = message.contact_point_id and message.channel = 'EMAIL'
where message.ended_at >= $1 and message.ended_at < $2 and message.status in ('sent', 'delivered', 'bounced', 'failed')
group by 1, 2, 3, 4
"""

_ADD = """
insert into delivery_hours as known
    (hour, channel, stream, receiver, sent, bounced, refused, refused_by_policy, deferred)
select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[],
    $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])
on conflict (hour, channel, stream, receiver) do update set
    sent = known.sent + excluded.sent, bounced = known.bounced + excluded.bounced,
    refused = known.refused + excluded.refused,
    refused_by_policy = known.refused_by_policy + excluded.refused_by_policy,
    deferred = known.deferred + excluded.deferred
"""


_DOUBTFUL = """
with settled as (
    delete from doubtful_messages known using messages message
    where message.id = known.message_id and message.status <> 'unknown'
)
insert into doubtful_messages (message_id, since)
select id, ended_at from messages where ended_at >= $1 and ended_at < $2 and status = 'unknown'
on conflict do nothing
"""


async def count_ended(session: AsyncSession) -> bool:
    """Add what ended since the last look; return whether more of the past waits to be counted."""
    marked = (await session.scalars(select(DeliveryCount).with_for_update())).one()
    upto = clock.now() - LAG
    if upto <= marked.counted_until:
        return False
    until = min(upto, marked.counted_until + AT_ONCE)
    connection = await driver(session)
    summed: dict[tuple[datetime, str, str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for hour, channel, stream, domain, *counts in await connection.fetch(_ENDED, marked.counted_until, until):
        kept = summed[hour, channel, stream, receiver_named(domain)]
        summed[hour, channel, stream, receiver_named(domain)] = [a + b for a, b in zip(kept, counts, strict=True)]
    await connection.execute(_DOUBTFUL, marked.counted_until, until)
    if summed:
        columns: list[Any] = [list(each) for each in zip(*summed, strict=True)]
        await connection.execute(_ADD, *columns, *(list(each) for each in zip(*summed.values(), strict=True)))
    marked.counted_until = until
    await session.flush()
    return until < upto


async def forget_old(session: AsyncSession) -> None:
    """Drop hours nobody looks at any more."""
    connection = await driver(session)
    await connection.execute("delete from delivery_hours where hour < $1", clock.now() - KEPT)
