"""How far a text came after it left, written on the message (M-10)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import service as customers
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.messaging.rules import Ending, MessageStatus

_ACTOR = Actor.system("messaging")

_PROGRESS = """
update messages set status = $2, reason = null, sent_at = coalesce(sent_at, $3),
    delivered_at = case when $2 = 'delivered' then $3 else delivered_at end,
    history = history || jsonb_build_array(
        jsonb_build_object('status', $2::text, 'at', $3::timestamptz, 'detail', null))
where id = any($1::uuid[]) and status = any($4::text[])
returning id, contact_point_id
"""


async def record_text_progress(
    session: AsyncSession, message_ids: Sequence[UUID], *, is_delivered: bool, at: datetime
) -> None:
    """Note that texts left, or arrived: arriving proves the number, and either settles a text in doubt (C-13, M-11)."""
    if not message_ids:
        return
    following = MessageStatus.DELIVERED if is_delivered else MessageStatus.SENT
    before = [MessageStatus.UNKNOWN, MessageStatus.SENT] if is_delivered else [MessageStatus.UNKNOWN]
    connection = await driver(session)
    rows = await connection.fetch(_PROGRESS, list(message_ids), following, at, before)
    for message_id, _ in rows:
        await activity.complete_tasks_of(session, kind="message_in_doubt", subject_id=message_id, actor=_ACTOR)
    reached = [row[1] for row in rows if row[1] is not None]
    if is_delivered and reached:
        await customers.mark_delivered(session, reached, at=at)


_UNDELIVERED = """
update messages set status = 'bounced', reason = $2,
    history = history || jsonb_build_array(
        jsonb_build_object('status', 'bounced', 'at', $3::timestamptz, 'detail', $4::text))
where id = $1 and status in ('sent', 'delivered', 'unknown') returning contact_point_id
"""


async def record_undelivered_text(
    session: AsyncSession, message_id: UUID, *, is_hard: bool, detail: str, at: datetime
) -> None:
    """Note that the network did not deliver a text; `is_hard` says that nobody is at the number any more."""
    reason = Ending.HARD_BOUNCE if is_hard else Ending.UNDELIVERED
    connection = await driver(session)
    row = await connection.fetchrow(_UNDELIVERED, message_id, reason, at, detail)
    if row is None:
        return
    await activity.complete_tasks_of(session, kind="message_in_doubt", subject_id=message_id, actor=_ACTOR)
    if is_hard and row[0] is not None:
        await customers.mark_bounced(session, row[0], at=at, actor=_ACTOR)
