"""Transactions kept because nobody was recognised in them, read again when somebody is."""

from collections.abc import AsyncIterator, Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers import queries as customers
from ritorno.kit.db import driver
from ritorno.transactions.parsing import House, Purchase, read_kept
from ritorno.transactions.service.storing import Connection

AT_ONCE = 2_000

_HOUSE = "select timezone, currency, country from business where id = 1"
_WAITING = """
    select source, external_id, payload::text as payload from unclaimed_transactions
    where reference_keys && $1::text[] and (source, external_id) > ($2, $3)
    order by source, external_id limit $4
"""


async def house_of(connection: Connection) -> House:
    """Return what of the business decides how a body is read."""
    row = await connection.fetchrow(_HOUSE)
    assert row is not None
    return House(ZoneInfo(row["timezone"]), row["currency"], row["country"])


async def iter_waiting(session: AsyncSession, customer_ids: Collection[UUID]) -> AsyncIterator[list[Purchase]]:
    """Yield, some thousands at a time, the kept transactions that name one of these customers in any way."""
    references = await customers.references_of(session, customer_ids)
    keys = [reference.key for each in references.values() for reference in each]
    connection = await driver(session)
    house = await house_of(connection)
    after = ("", "")
    while rows := await connection.fetch(_WAITING, keys, *after, AT_ONCE):
        after = (rows[-1]["source"], rows[-1]["external_id"])
        yield [read_kept(row["payload"], row["source"], row["external_id"], house) for row in rows]
