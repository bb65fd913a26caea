"""The rights of the person over what was done about them: acts are told without the names of staff; the log stays."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task

_CUSTOMER = "customer"


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return who did and read what on one card, by the kind of actor, and what was to be done about it."""
    entries = await session.scalars(
        select(AuditEntry).where(AuditEntry.subject_id == customer_id).order_by(AuditEntry.at, AuditEntry.id)
    )
    tasks = await session.scalars(
        select(Task).where(Task.subject_type == _CUSTOMER, Task.subject_id == customer_id).order_by(Task.created_at)
    )
    return {
        "acts": [{"at": each.at.isoformat(), "act": each.action, "by": each.actor_kind} for each in entries],
        "tasks": [
            {
                "task": each.kind,
                "state": each.state,
                "opened_at": each.created_at.isoformat(),
                "done_at": each.done_at.isoformat() if each.done_at else None,
            }
            for each in tasks
        ],
    }


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what was still to be done about one person; the log holds ids and codes, and proves what was done."""
    await session.execute(delete(Task).where(Task.subject_type == _CUSTOMER, Task.subject_id == customer_id))
