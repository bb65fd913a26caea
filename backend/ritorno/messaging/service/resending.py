"""Send to those not reached (DESIGN §6): a person's decision, never the machine's.

The row stays the one row of this person in this touch; it is another mail, with a Message-ID of its own, and the gate
is asked like the first time.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel
from ritorno.kit import clock, outbox
from ritorno.kit.db import driver
from ritorno.messaging.pacing.rules import receiver_of
from ritorno.messaging.planning import BULK
from ritorno.messaging.rules import MAY_GO_AGAIN

_AGAIN = """
with failed as (
    select message.id, sender.unit_cost_minor, point.match_key
    from messages message
    left join senders sender on sender.channel = message.channel and sender.stream = message.template_class
    left join contact_points point on point.id = message.contact_point_id
    where message.touch_id = $1 and message.status = 'failed' and message.reason = any($3::text[])
        and (message.expires_at is null or message.expires_at > $2)
    order by message.id for update of message
)
update messages message set status = 'queued', reason = null, due_at = $2, ended_at = null,
    resends = message.resends + 1, cost_minor = coalesce(failed.unit_cost_minor, 0), history = message.history
        || jsonb_build_array(jsonb_build_object('status', 'queued', 'at', $2::timestamptz, 'detail', 'SENT_AGAIN'))
from failed where message.id = failed.id
returning message.id, message.channel, message.template_class, failed.match_key
"""

_ENQUEUE = """
insert into message_queue (message_id, due_at, state, priority, channel, stream, touch_id, receiver)
select id, $2, 'queued', $3, channel, stream, $1, receiver
from unnest($4::uuid[], $5::text[], $6::text[], $7::text[]) row(id, channel, stream, receiver)
"""


async def send_again(session: AsyncSession, touch_id: UUID) -> int:
    """Queue once more whom a touch did not reach, and return how many: refused for now too often, refused for our sake,
    or said by the customer not to have come. What is in doubt and what came back for good is left alone.
    """
    now = clock.now()
    connection = await driver(session)
    rows = await connection.fetch(_AGAIN, touch_id, now, sorted(MAY_GO_AGAIN))
    if rows:
        receivers = [receiver_of(row[3] or "") if row[1] == Channel.EMAIL else "" for row in rows]
        columns = ([row[index] for row in rows] for index in range(3))
        await connection.execute(_ENQUEUE, touch_id, now, BULK, *columns, receivers)
        await outbox.publish(session, "messages.queued", {"touch_id": touch_id})
    return len(rows)
