"""How far our texts came, as the networks tell it: forward only, and never believed twice (M-10)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.rules import Channel
from ritorno.inbound.text_models import TextReceipt
from ritorno.inbound.text_rules import (
    DEAD_WITHIN,
    EXPIRES_AFTER,
    STOPPED,
    UNKNOWN_SUBSCRIBER,
    ReceiptStatus,
    follows,
    read_status,
)
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message


async def receive(session: AsyncSession, message_id: UUID, said: dict[str, str]) -> None:
    """Keep what the network says of one text where it is news, and tell the message."""
    told = read_status(said.get("MessageStatus") or said.get("SmsStatus") or "")
    message = await session.get(Message, message_id)
    if told is None or message is None or message.channel != Channel.SMS:
        return
    # The row is there before it is judged, so that two receipts of one moment stand in line.
    await session.execute(
        insert(TextReceipt)
        .values(message_id=message_id, status=ReceiptStatus.QUEUED, changed_at=clock.now())
        .on_conflict_do_nothing()
    )
    receipt = await session.get_one(TextReceipt, message_id, with_for_update=True, populate_existing=True)
    receipt.provider_id = receipt.provider_id or said.get("MessageSid") or said.get("SmsSid")
    if follows(ReceiptStatus(receipt.status), told):
        receipt.status, receipt.changed_at, receipt.applied_at = told, clock.now(), None
        receipt.code = said.get("ErrorCode") or None
    await session.flush()
    await apply(session, [message_id])


class _News(NamedTuple):
    message_id: UUID
    status: str
    code: str | None
    customer_id: UUID
    contact_point_id: UUID | None


_NEWS = """
select receipt.message_id, receipt.status, receipt.code, message.customer_id, message.contact_point_id
from text_receipts receipt join messages message on message.id = receipt.message_id
where receipt.applied_at is null and receipt.status in ('sent', 'delivered', 'undelivered', 'failed')
  and message.status in ('sent', 'unknown', 'delivered') and (receipt.message_id = any($1::uuid[]) or $1 is null)
order by receipt.changed_at limit 500 for update of receipt skip locked
"""


async def apply(session: AsyncSession, message_ids: list[UUID] | None = None) -> int:
    """Tell messages what their receipts say, of these or of all that wait; return how many were told.

    A receipt may arrive before the worker has written that the text left: then it waits here for the next look. It also
    settles a message in doubt: the network has it, so it did leave (M-11).
    """
    connection = await driver(session)
    news = [_News(*row) for row in await connection.fetch(_NEWS, message_ids)]
    now = clock.now()
    arrived = [each.message_id for each in news if each.status == ReceiptStatus.DELIVERED]
    left = [each.message_id for each in news if each.status == ReceiptStatus.SENT]
    await messaging.record_text_progress(session, arrived, is_delivered=True, at=now)
    await messaging.record_text_progress(session, left, is_delivered=False, at=now)
    for each in news:
        if each.status in {ReceiptStatus.UNDELIVERED, ReceiptStatus.FAILED}:
            await _end(session, each, now)
    await connection.execute(
        "update text_receipts set applied_at = $2 where message_id = any($1::uuid[])",
        [each.message_id for each in news],
        now,
    )
    session.expire_all()
    return len(news)


async def _end(session: AsyncSession, news: _News, now: datetime) -> None:
    is_dead = news.code in UNKNOWN_SUBSCRIBER and await _was_unknown_before(session, news, now)
    await messaging.record_undelivered_text(
        session, news.message_id, is_hard=is_dead, detail=news.code or news.status, at=now
    )
    if news.code in STOPPED:
        await consents.refuse_at_provider(
            session,
            customer_id=news.customer_id,
            contact_point_id=news.contact_point_id,
            message_id=news.message_id,
            channel=Channel.SMS,
        )


async def _was_unknown_before(session: AsyncSession, news: _News, now: datetime) -> bool:
    """Tell whether another text of these days found nobody at the number either."""
    other = (
        select(TextReceipt.message_id)
        .join(Message, Message.id == TextReceipt.message_id)
        .where(
            Message.customer_id == news.customer_id,
            Message.contact_point_id == news.contact_point_id,
            TextReceipt.message_id != news.message_id,
            TextReceipt.code.in_(UNKNOWN_SUBSCRIBER),
            TextReceipt.changed_at >= now - DEAD_WITHIN,
        )
        .limit(1)
    )
    return (await session.scalars(other)).first() is not None


_EXPIRE = """
with silent as (
    select message.id from messages message
    left join text_receipts receipt on receipt.message_id = message.id
    where message.channel = 'SMS' and message.status = 'sent' and message.sent_at <= $2
      and message.planned_at > $1::timestamptz - interval '30 days'
      and (receipt.status is null or receipt.status in ('queued', 'sent'))
      and not exists (select from captured_messages captured where captured.message_id = message.id)
    order by message.id limit 1000 for update of message skip locked
), noted as (
    insert into text_receipts (message_id, status, changed_at, applied_at) select id, 'expired', $1, $1 from silent
    on conflict (message_id) do update set status = 'expired', changed_at = $1, applied_at = $1
)
update messages message set history = message.history
    || jsonb_build_array(jsonb_build_object('status', 'sent', 'at', $1::timestamptz, 'detail', 'RECEIPT_EXPIRED'))
from silent where message.id = silent.id returning message.id
"""


async def expire(session: AsyncSession) -> int:
    """Note on texts of which the network said nothing for three days that it will not; they stay `sent`."""
    connection = await driver(session)
    now = clock.now()
    return len(await connection.fetch(_EXPIRE, now, now - EXPIRES_AFTER))
