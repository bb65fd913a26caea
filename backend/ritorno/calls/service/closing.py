"""An open call ends once: written down, or given back."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.calls.errors import CallNotFound
from ritorno.calls.models import OpenCall


async def close(session: AsyncSession, opened: OpenCall) -> None:
    """End an open call as it was read; CallNotFound when it has ended already, or a colleague has taken the person.

    The row of the queue is locked first, here as everywhere.
    """
    closed = await session.scalar(
        delete(OpenCall)
        .where(
            OpenCall.message_id == opened.message_id,
            OpenCall.operator_id == opened.operator_id,
            OpenCall.started_at == opened.started_at,
        )
        .returning(OpenCall.message_id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        raise CallNotFound()
