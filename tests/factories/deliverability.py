"""Hours that were counted and mail that came back, for tests of what follows from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.deliverability.models import DeliveryCount, DeliveryHour
from ritorno.inbound.models import InboundMail
from ritorno.kit.ids import uuid7
from ritorno.messaging.models import Message


async def make_hour(session: AsyncSession, hour: datetime, **counts: Any) -> None:
    """Count messages of an hour: mail of the marketing stream to nobody in particular, unless told otherwise."""
    where = {"channel": "EMAIL", "stream": "MARKETING", "receiver": "", "sent": 0, "bounced": 0}
    row = where | {"refused": 0, "refused_by_policy": 0, "deferred": 0} | counts
    session.add(DeliveryHour(hour=hour.replace(minute=0, second=0, microsecond=0), **row))
    await session.flush()


async def make_returned(session: AsyncSession, message: Message, *, kind: str, at: datetime, **columns: Any) -> None:
    """Let a mail about a message come in."""
    session.add(
        InboundMail(
            received_at=at,
            source="folder",
            kind=kind,
            message_id=message.id,
            customer_id=message.customer_id,
            digest=uuid7().bytes,
            **columns,
        )
    )
    await session.flush()


async def count_from(session: AsyncSession, at: datetime) -> None:
    """Say that everything before a moment was counted."""
    await session.execute(update(DeliveryCount).values(counted_until=at))
