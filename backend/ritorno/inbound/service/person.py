"""The rights of the person: mail that came in is told, goes with an erasure, and moves with a merge."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.inbound.models import InboundMail
from ritorno.kit import rehoming
from ritorno.kit.rehoming import Keys, Moved


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return what came back of one person's mail; their own words are told among the replies."""
    statement = select(InboundMail).where(InboundMail.customer_id == customer_id).order_by(InboundMail.received_at)
    return [
        {
            "kind": mail.kind,
            "received_at": mail.received_at.isoformat(),
            "status_code": mail.status_code,
            "said_by_the_server": mail.diagnostic or None,
        }
        for mail in await session.scalars(statement)
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget every mail that was attributed to a person."""
    await session.execute(delete(InboundMail).where(InboundMail.customer_id == customer_id))


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Move what came back of a merged card."""
    return await rehoming.rehome(session, [InboundMail], customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again what came back of its mail."""
    await rehoming.rehome_back(session, [InboundMail], customer_id, out_of=out_of, moved=moved)
