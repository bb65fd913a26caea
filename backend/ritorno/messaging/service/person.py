"""The rights of the person (STYLE §2): what was sent is told, contents are erased, the record stays (C-24)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Reason
from ritorno.kit import clock, rehoming
from ritorno.kit.rehoming import Keys, Moved
from ritorno.messaging import handoff, queries
from ritorno.messaging.handoff import Ended
from ritorno.messaging.models import CapturedMessage, Confirmation, Message
from ritorno.messaging.rules import MessageStatus


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return everything kept about the messages of one person."""
    statement = select(Message).where(Message.customer_id == customer_id).order_by(Message.id)
    return [
        {
            "id": str(message.id),
            "channel": message.channel,
            "purpose": message.purpose,
            "status": message.status,
            "reason": message.reason,
            "values": message.values,
            "history": message.history,
            "planned_at": message.planned_at.isoformat(),
            "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        }
        for message in (await session.scalars(statement)).all()
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what was written; that something was, when and why stays. What still waits is not sent."""
    waiting = await queries.waiting_of(session, [customer_id])
    ended = [Ended(message.id, MessageStatus.SKIPPED, Reason.ERASED, None) for message in waiting]
    await handoff.end_unsent(session, ended, now=clock.now())
    mine = select(Message.id).where(Message.customer_id == customer_id)
    await session.execute(delete(CapturedMessage).where(CapturedMessage.message_id.in_(mine)))
    await session.execute(delete(Confirmation).where(Confirmation.customer_id == customer_id))
    await session.execute(update(Message).where(Message.customer_id == customer_id).values(values={}))


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Move the messages of a merged card, with what it was asked to confirm; where both cards were in one touch, each
    row stays where it is.
    """
    return await rehoming.rehome(session, [Message, Confirmation], customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its messages."""
    await rehoming.rehome_back(session, [Message, Confirmation], customer_id, out_of=out_of, moved=moved)
