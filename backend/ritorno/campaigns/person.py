"""The rights of the person over campaigns: a rehearsal that shows them as an example forgets them; its counts stay."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns.models import Rehearsal


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return nothing: what campaigns sent to a person is told by messages."""
    return []


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Take the person out of the examples of every rehearsal."""
    shown = Rehearsal.sample.op("@>")(func.to_jsonb(str(customer_id), type_=JSONB))
    await session.execute(
        update(Rehearsal).where(shown).values(sample=Rehearsal.sample.op("-")(str(customer_id))),
        execution_options={"synchronize_session": False},
    )
