"""The rights of a person over the texts they sent: told, forgotten, and gone along to another card."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint
from ritorno.inbound.text_models import InboundText
from ritorno.kit import rehoming
from ritorno.kit.rehoming import Keys, Moved


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return what a person texted us."""
    texts = await session.scalars(
        select(InboundText).where(InboundText.customer_id == customer_id).order_by(InboundText.received_at)
    )
    return [
        {
            "from": text.from_number,
            "to": text.to_number,
            "text": text.text,
            "understood_as": text.kind,
            "received_at": text.received_at.isoformat(),
        }
        for text in texts
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what a person texted us, also from a number that was not yet on their card."""
    numbers = select(ContactPoint.match_key).where(
        ContactPoint.customer_id == customer_id, ContactPoint.kind == "PHONE"
    )
    of_nobody = and_(InboundText.customer_id.is_(None), InboundText.from_number.in_(numbers))
    await session.execute(delete(InboundText).where(or_(InboundText.customer_id == customer_id, of_nobody)))


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    return await rehoming.rehome(session, (InboundText,), customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    await rehoming.rehome_back(session, (InboundText,), customer_id, out_of=out_of, moved=moved)
