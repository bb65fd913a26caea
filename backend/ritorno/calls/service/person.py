"""The rights of the person: calls are told, what was written down of them is erased, that they were made stays."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.calls.models import Call, CallNote


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return every call made to a person, with what staff wrote down of it."""
    statement = (
        select(Call, CallNote.body)
        .outerjoin(CallNote, CallNote.call_id == Call.id)
        .where(Call.customer_id == customer_id)
        .order_by(Call.id)
    )
    return [
        {
            "called_at": call.started_at.isoformat(),
            "ended_at": call.ended_at.isoformat(),
            "outcome": call.outcome,
            "result": call.result,
            "call_back_at": call.callback_at.isoformat() if call.callback_at else None,
            "register_checked_at": call.rpo_checked_at.isoformat() if call.rpo_checked_at else None,
            "note": note,
        }
        for call, note in (await session.execute(statement)).all()
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget the words of every call; that it was made, and why it was allowed, is proof and holds codes only."""
    calls = select(Call.id).where(Call.customer_id == customer_id)
    await session.execute(delete(CallNote).where(CallNote.call_id.in_(calls)))
