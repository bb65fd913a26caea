"""Purchases of a card that became part of another, and back; the profiles of both are computed again."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import rehoming
from ritorno.kit.db import driver
from ritorno.kit.rehoming import Keys, Moved
from ritorno.transactions.models import Hold, Transaction
from ritorno.transactions.service import profiling


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Move the purchases of a merged card with their lines and what locks them; one receipt, one key: none collides."""
    moved = await rehoming.rehome(session, [Transaction, Hold], customer_id, into=into)
    await _follow(session, moved, into, [customer_id, into])
    return moved


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its purchases; those of the time in between stay where they are."""
    returned = await rehoming.rehome_back(session, [Transaction, Hold], customer_id, out_of=out_of, moved=moved)
    await _follow(session, returned, customer_id, [customer_id, out_of])


async def _follow(session: AsyncSession, moved: Moved, owner: UUID, disturbed: list[UUID]) -> None:
    """Bring the lines, which carry a copy of their receipt's customer, and the profiles along."""
    connection = await driver(session)
    await connection.execute(
        "update transaction_lines set customer_id = $2 where transaction_id = any($1::uuid[])",
        [UUID(each["id"]) for each in moved.get(Transaction.__tablename__, ())],
        owner,
    )
    await profiling.keep_in_step(connection, [], disturbed=disturbed)
