"""Transactions that waited for their customer, recorded once somebody is recognised in them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.actor import Actor
from ritorno.transactions.service.recording import record_many
from ritorno.transactions.service.waiting import iter_waiting


async def claim(session: AsyncSession, customer_ids: Collection[UUID], *, actor: Actor) -> int:
    """Record what waited for these customers and return how many transactions that were; a second time there are
    none.
    """
    claimed = 0
    async for purchases in iter_waiting(session, customer_ids):
        outcomes = await record_many(session, purchases, actor=actor)
        claimed += sum(outcome.status == "created" for outcome in outcomes)
    return claimed
