"""Letting go of the two ledgers, which only the owner of the tables may do (C-31).

The owner's connection is opened for this alone. What of the proof of consents is over is found here, for the night and
for its dry run alike.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ritorno.consents import dropping
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import driver, make_engine, make_sessions
from ritorno.retention.rules import Relationship, ended_at

PEOPLE_AT_ONCE = 500
BEGINNING = UUID(int=0)


@asynccontextmanager
async def as_owner(work: Work) -> AsyncIterator[Work | None]:
    """Open the work of the owner of the tables; None where the application has no owner apart, or cannot reach it."""
    settings = work.settings
    if settings.migration_url == settings.database_url:
        yield None
        return
    engine = make_engine(settings.migration_url, pool_size=0, application_name="ritorno retention")
    try:
        yield replace(work, sessions=make_sessions(engine)) if await _answers(engine) else None
    finally:
        await engine.dispose()


async def can_let_go(settings: Settings) -> bool:
    """Tell whether the owner of the tables is another than the application, and answers."""
    if settings.migration_url == settings.database_url:
        return False
    engine = make_engine(settings.migration_url, pool_size=0)
    try:
        return await _answers(engine)
    finally:
        await engine.dispose()


async def _answers(engine: AsyncEngine) -> bool:
    try:
        async with engine.connect():
            return True
    except (OSError, SQLAlchemyError, asyncpg.PostgresError):
        return False


# ── the proof of consents ─────────────────────────────────────────────────────────────────────────────────────────────


class Ended(NamedTuple):
    """The cards among the next people whose relationship ended before a moment."""

    last_id: UUID | None
    """None when there is nobody left."""
    erased: list[UUID]
    living: list[UUID]


# A card younger than the period cannot be over it; this is what keeps the walk short in the first years.
_NEXT = """
    select c.id, c.erased_at,
        exists (select from consent_states s where s.customer_id = c.id and s.standing = 'GRANTED') as has_consent,
        c.restricted_at is not null
            or exists (select from holds h where h.customer_id = c.id and h.lifted_at is null) as is_held,
        greatest(c.created_at, c.last_detached_at, said.last_at,
            (select max(t.occurred_at) from transactions t where t.customer_id = c.id),
            (select max(m.planned_at) from messages m where m.customer_id = c.id),
            (select max(r.received_at) from replies r where r.customer_id = c.id)) as last_at
    from customers c
    cross join lateral (
        with recursive family as (
            select c.id
            union
            select m.id from family f join customers m on m.merged_into_id = f.id where c.erased_at is null
        )
        select min(e.recorded_at) as first_at, max(e.recorded_at) as last_at
        from family f join consent_events e on e.customer_id = f.id
    ) said
    where c.id > $1 and c.created_at < $2 and said.first_at < $2
      and (c.erased_at is not null or c.merged_into_id is null)
    order by c.id limit $3
"""


async def find_ended(session: AsyncSession, *, after: UUID, before: datetime) -> Ended:
    """Return which of the next people behind a card ended their relationship before a moment."""
    rows = await (await driver(session)).fetch(_NEXT, after, before, PEOPLE_AT_ONCE)
    over = [row for row in rows if _is_over(Relationship(*row[1:]), before)]
    return Ended(
        rows[-1]["id"] if rows else None,
        [row["id"] for row in over if row["erased_at"] is not None],
        [row["id"] for row in over if row["erased_at"] is None],
    )


def _is_over(relationship: Relationship, before: datetime) -> bool:
    ended = ended_at(relationship)
    return ended is not None and ended < before


async def count_consents(session: AsyncSession, before: datetime) -> tuple[int, datetime | None]:
    """Return how many entries of the proof are over their time, and when the oldest was recorded."""
    count, oldest = 0, None
    after: UUID | None = BEGINNING
    while after is not None:
        ended = await find_ended(session, after=after, before=before)
        found = await dropping.find_spent(session, erased=ended.erased, living=ended.living, before=before)
        count += sum(each.length for each in found)
        oldest = min([each.oldest for each in found] + ([oldest] if oldest else []), default=None)
        after = ended.last_id
    return count, oldest
