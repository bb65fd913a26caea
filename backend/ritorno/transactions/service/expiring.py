"""Purchases whose time is over: first they say nothing of anybody, later they are nobody's (C-30, C-31).

Both windows are one row that every reader honours at once; the walk over the cards then brings the profiles along and
takes the customer off old receipts, some thousand people at a time. Receipts stay: what they tell of the shop is not of
a person.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import outbox
from ritorno.kit.db import driver
from ritorno.transactions import queries
from ritorno.transactions.models import PurchaseWindow
from ritorno.transactions.service import profiling

PEOPLE_AT_ONCE = 2_000


async def move_window(session: AsyncSession, *, profiled_since: datetime, traced_since: datetime) -> None:
    """Let purchases count from other moments on; what is recorded before them counts for nobody from now on."""
    connection = await driver(session)
    await connection.execute(
        """insert into purchase_window (id, profiled_since, settled_since, traced_since)
           values (1, $1, '-infinity', $2)
           on conflict (id) do update
               set profiled_since = excluded.profiled_since, traced_since = excluded.traced_since""",
        profiled_since,
        traced_since,
    )


async def settle_window(session: AsyncSession) -> None:
    """Note that every profile was brought to the window."""
    await (await driver(session)).execute("update purchase_window set settled_since = profiled_since")


class Aged(NamedTuple):
    """What one step of the walk did."""

    last_id: UUID | None
    """None when there is nobody left."""
    detached: int
    """Lines that are nobody's any more."""
    reprofiled: int


_PEOPLE = "select id, erased_at is not null as is_erased from customers where id > $1 order by id limit $2"
# One probe of the index of newest purchases for each person; a period that grew brings purchases back.
_AGED = """
    select p.id from unnest($1::uuid[]) as p (id), purchase_window w
    where exists (select from transactions t where t.customer_id = p.id
                  and t.occurred_at >= least(w.settled_since, w.profiled_since)
                  and t.occurred_at < greatest(w.settled_since, w.profiled_since))
    order by p.id
"""
_DETACH = """
    with gone as (
        update transactions t set customer_id = null, reason = null
        from unnest($1::uuid[]) as p (id), purchase_window w
        where t.customer_id = p.id and t.occurred_at < w.traced_since
        returning t.id, p.id as person_id, t.occurred_at
    ), newest as (
        update customers c set last_detached_at = greatest(c.last_detached_at, g.at)
        from (select person_id, max(occurred_at) as at from gone group by person_id) g
        where c.id = g.person_id
    ), lines as (
        update transaction_lines l set customer_id = null from gone where l.transaction_id = gone.id returning 1
    )
    select count(*) from lines
"""
_DETACH_ALL = """
    with gone as (
        update transactions t set customer_id = null, reason = null where t.customer_id = any($1::uuid[]) returning t.id
    ), lines as (
        update transaction_lines l set customer_id = null from gone where l.transaction_id = gone.id returning 1
    )
    select count(*) from lines
"""


async def age_next(session: AsyncSession, after: UUID) -> Aged:
    """Bring the next people behind a card to the window, in the caller's unit of work. Twice changes nothing.

    Receipts on hold stay with their person (B-51); those of an erased card go when its last hold ends.
    """
    connection = await driver(session)
    people = await connection.fetch(_PEOPLE, after, PEOPLE_AT_ONCE)
    if not people:
        return Aged(None, 0, 0)
    ids = [row["id"] for row in people]
    held = {hold.customer_id for hold in await queries.standing_holds(session, ids)}
    aged = [row["id"] for row in await connection.fetch(_AGED, ids)]
    free = [row["id"] for row in people if row["id"] not in held]
    detached = await connection.fetchval(_DETACH, free)
    detached += await release(session, [row["id"] for row in people if row["is_erased"]])
    await reprofile(session, aged)
    return Aged(ids[-1], detached, len(aged))


async def release(session: AsyncSession, customer_ids: Sequence[UUID]) -> int:
    """Take erased cards off the receipts that a hold had kept and no longer does; return how many lines that were."""
    connection = await driver(session)
    erased = await connection.fetch(
        "select id from customers where id = any($1::uuid[]) and erased_at is not null", list(customer_ids)
    )
    held = {hold.customer_id for hold in await queries.standing_holds(session, [row["id"] for row in erased])}
    free = [row["id"] for row in erased if row["id"] not in held]
    if not free:
        return 0
    await connection.execute("update holds set note = '' where customer_id = any($1::uuid[]) and note <> ''", free)
    return int(await connection.fetchval(_DETACH_ALL, free))


async def reprofile(session: AsyncSession, customer_ids: Sequence[UUID]) -> None:
    """Compute the profiles of these people again and have them scored."""
    if not customer_ids:
        return
    connection = await driver(session)
    await profiling.hold(connection, list(customer_ids))
    await profiling.recompute(connection, list(customer_ids))
    ids = [str(each) for each in customer_ids]
    await outbox.publish(session, "transactions.recorded", {"customer_ids": ids, "origin": "retention"})


async def window(session: AsyncSession) -> PurchaseWindow | None:
    """Return the windows as the last night left them."""
    return await session.scalar(select(PurchaseWindow).execution_options(populate_existing=True))
