"""The rights of the person (STYLE §2): what was sent is told, contents are erased, the record stays (C-24)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Reason
from ritorno.kit import clock, rehoming
from ritorno.kit.rehoming import Keys, Moved
from ritorno.messaging import handoff, queries
from ritorno.messaging.handoff import Ended
from ritorno.messaging.models import CapturedMessage, Confirmation, Message, Template
from ritorno.messaging.rules import MessageStatus
from ritorno.messaging.tracking import queries as tracking
from ritorno.messaging.tracking.models import MeasuredMessage, MessageEvent
from ritorno.messaging.tracking.rules import EventKind


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return everything kept about the messages of one person, and what was measured of them."""
    return {
        "messages": await _messages(session, customer_id),
        "openings": [
            {
                "at": each.at.isoformat(),
                "act": "opened" if each.kind == EventKind.OPEN else "followed",
                "link": each.url,
                "message": each.template_name,
                "by_a_machine": each.is_machine,
            }
            for each in await tracking.events_of(session, customer_id)
        ],
    }


async def _messages(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    statement = (
        select(Message, Template.name)
        .join(Template, Template.id == Message.template_id)
        .where(Message.customer_id == customer_id)
        .order_by(Message.id)
    )
    return [
        {
            "channel": message.channel,
            "purpose": message.purpose,
            "template": name,
            "language": message.language,
            "status": message.status,
            "reason": message.reason,
            "used_purchases": message.uses_purchases,
            "words_about_you": message.values,
            "planned_at": message.planned_at.isoformat(),
            "sent_at": message.sent_at.isoformat() if message.sent_at else None,
            "delivered_at": message.delivered_at.isoformat() if message.delivered_at else None,
        }
        for message, name in (await session.execute(statement)).all()
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what was written; that something was, when and why stays. What still waits is not sent."""
    waiting = await queries.waiting_of(session, [customer_id])
    ended = [Ended(message.id, MessageStatus.SKIPPED, Reason.ERASED, None) for message in waiting]
    await handoff.end_unsent(session, ended, now=clock.now())
    mine = select(Message.id).where(Message.customer_id == customer_id)
    await session.execute(delete(CapturedMessage).where(CapturedMessage.message_id.in_(mine)))
    await session.execute(delete(Confirmation).where(Confirmation.customer_id == customer_id))
    await session.execute(delete(MessageEvent).where(MessageEvent.message_id.in_(mine)))
    await session.execute(delete(MeasuredMessage).where(MeasuredMessage.message_id.in_(mine)))
    await session.execute(_FORGET_WORDS, {"customer_id": customer_id})


# What a mail server answered may name the address.
_FORGET_WORDS = text("""
    update messages set values = '{}', history = (
        select coalesce(jsonb_agg(state - 'detail' order by place), '[]')
        from jsonb_array_elements(history) with ordinality as told (state, place)
    )
    where customer_id = :customer_id
""")


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Move the messages of a merged card, with what it was asked to confirm; where both cards were in one touch, each
    row stays where it is.
    """
    return await rehoming.rehome(session, [Message, Confirmation], customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its messages."""
    await rehoming.rehome_back(session, [Message, Confirmation], customer_id, out_of=out_of, moved=moved)
