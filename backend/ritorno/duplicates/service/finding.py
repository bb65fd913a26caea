"""Searching for pairs of cards that may be one person, and what people decide of them.

A search reads in one unit of work, thinks with none open, and writes in another; repeating it changes nothing more.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import timedelta
from uuid import UUID

import orjson
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.customers.models import DuplicatePair
from ritorno.customers.rules import PairState
from ritorno.duplicates import pair_queries as queries
from ritorno.duplicates.errors import PairMerged
from ritorno.duplicates.linking.model import Pair, Search
from ritorno.duplicates.linking.normalising import Card
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import log
from ritorno.kit.outbox import publish

JOB_KIND = "duplicates.search"
LONGEST = timedelta(hours=2)
"""A search that runs longer than this was interrupted."""

UnitOfWork = Callable[[], AbstractAsyncContextManager[AsyncSession]]

# ── searching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def request_search(session: AsyncSession, *, actor: Actor) -> Job:
    """Return the job of a search that begins as soon as a worker is free; while one runs, it is that one."""
    running = await session.scalar(
        select(Job)
        .where(Job.kind == JOB_KIND, Job.state == JobState.RUNNING, Job.started_at > clock.now() - LONGEST)
        .order_by(Job.started_at.desc())
        .limit(1)
    )
    if running is not None:
        return running
    job = await start_search(session)
    await activity.record(session, actor, "duplicates.search_requested", subject="job", subject_id=job.id)
    await publish(session, "duplicates.search_requested", {"job_id": job.id})
    return job


async def start_search(session: AsyncSession) -> Job:
    """Begin the row that people watch; `done` counts in hundredths. Searches left unfinished by a crash end here."""
    for unfinished in await session.scalars(select(Job).where(Job.kind == JOB_KIND, Job.state == JobState.RUNNING)):
        await activity.finish_job(session, unfinished.id, failure="It was interrupted; a later search took its place.")
    return await activity.start_job(session, kind=JOB_KIND, label="Search for duplicates", total=100)


async def find_duplicates(open_session: UnitOfWork, job_id: UUID) -> int:
    """Search all cards and bring the pairs up to date; return how many there are."""
    async with _opened() as search:
        async with open_session() as session:
            count = 0
            async for cards in _batches(session):
                await asyncio.to_thread(search.add, cards)
                count += len(cards)
        await _advance(open_session, job_id, 25)
        pairs = await asyncio.to_thread(search.pairs)
    await _advance(open_session, job_id, 90)
    async with open_session() as session:
        await store_pairs(session, pairs)
        await activity.finish_job(session, job_id)
    log.info("duplicates.found", card_count=count, pair_count=len(pairs))
    return len(pairs)


@asynccontextmanager
async def _opened() -> AsyncIterator[Search]:
    """Open a search in a thread; whoever is stopped meanwhile waits for it, or its folder would stay behind."""
    opening = asyncio.create_task(asyncio.to_thread(Search))
    try:
        search = await asyncio.shield(opening)
    except asyncio.CancelledError:
        (await opening).close()
        raise
    with closing(search):
        yield search


async def _advance(open_session: UnitOfWork, job_id: UUID, done: int) -> None:
    async with open_session() as session:
        await activity.advance_job(session, job_id, done=done)


_CARDS = """
    select c.id::text, c.given_name, c.family_name, to_char(c.birth_on, 'YYYYMMDD'), c.gender, c.country,
        p.address ->> 'street', p.address ->> 'postal_code', coalesce(p.address ->> 'city', c.city),
        coalesce(p.phones, '{}'), coalesce(p.emails, '{}'), f.value
    from customers c
    left join (
        select customer_id,
            array_agg(match_key order by is_primary desc, id) filter (where kind = 'PHONE') as phones,
            array_agg(match_key order by is_primary desc, id) filter (where kind = 'EMAIL') as emails,
            (array_agg(address order by is_primary desc, id) filter (where kind = 'POSTAL'))[1] as address
        from contact_points where valid_to is null group by customer_id
    ) p on p.customer_id = c.id
    left join (
        select customer_id, max(value) as value from identifiers
        where kind = 'FISCAL' and valid_to is null group by customer_id
    ) f on f.customer_id = c.id
    where c.erased_at is null and c.restricted_at is null and c.merged_into_id is null
"""
BATCH = 20_000


async def _batches(session: AsyncSession) -> AsyncIterator[list[Card]]:
    """Yield the cards that may be compared, straight from the driver."""
    connection = await driver(session)
    cursor = await connection.cursor(_CARDS)
    while rows := await cursor.fetch(BATCH):
        yield [Card(*row) for row in rows]


# ── storing ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_KEY = """
    select left(encode(sha256(convert_to(c.search_name || E'\\n' || coalesce(
        string_agg(p.kind || p.match_key, E'\\n' order by p.kind, p.match_key), ''), 'UTF8')), 'hex'), 16)
    from customers c left join contact_points p on p.customer_id = c.id and p.valid_to is null
    where c.id = {card} group by c.id
"""
"""Digest of a card's names and contact points: what may change a verdict."""

_BOTH_KEYS = f"({_KEY.format(card='{low}')}) || ({_KEY.format(card='{high}')})"

_FOUND = """
    create temporary table found_pairs (
        id uuid, low_id uuid, high_id uuid, probability float8, tier text, evidence text
    ) on commit drop
"""

_UPSERT = f"""
    insert into duplicate_pairs (id, low_id, high_id, probability, tier, evidence, state, found_at, key)
    select f.id, f.low_id, f.high_id, f.probability, f.tier, f.evidence::jsonb, 'open', $1, k.key
    from found_pairs f
    join customers low on low.id = f.low_id
    join customers high on high.id = f.high_id
    cross join lateral (select {_BOTH_KEYS.format(low="f.low_id", high="f.high_id")} as key) k
    where low.erased_at is null and low.restricted_at is null and low.merged_into_id is null
        and high.erased_at is null and high.restricted_at is null and high.merged_into_id is null
    on conflict (low_id, high_id) do update set
        probability = excluded.probability, tier = excluded.tier, evidence = excluded.evidence,
        found_at = excluded.found_at, key = excluded.key,
        state = case when duplicate_pairs.state = 'stale' or {{reopened}} then 'open' else duplicate_pairs.state end,
        decided_by = case when not ({{reopened}}) then duplicate_pairs.decided_by end,
        decided_at = case when not ({{reopened}}) then duplicate_pairs.decided_at end
""".format(reopened="duplicate_pairs.state in ('distinct', 'skipped') and duplicate_pairs.key <> excluded.key")


async def store_pairs(session: AsyncSession, pairs: Sequence[Pair]) -> None:
    """Make these the pairs there are: new ones open, those no longer found are stale, and what people decided stands
    until a name or a contact point of either card changes.
    """
    connection = await driver(session)
    now = clock.now()
    await connection.execute(_FOUND)
    await connection.copy_records_to_table(
        "found_pairs",
        records=(
            (uuid7(), UUID(pair.low), UUID(pair.high), pair.probability, pair.tier.value, _evidence(pair))
            for pair in pairs
        ),
    )
    await connection.execute(_UPSERT, now)
    await connection.execute("update duplicate_pairs set state = 'stale' where state = 'open' and found_at < $1", now)
    await connection.execute(
        """delete from duplicate_pairs p using customers c
           where c.id in (p.low_id, p.high_id) and c.erased_at is not null"""
    )
    await connection.execute("drop table found_pairs")


def _evidence(pair: Pair) -> str:
    return orjson.dumps([each._asdict() for each in pair.evidence]).decode()


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def decide(session: AsyncSession, pair_id: UUID, verdict: PairState, *, actor: Actor) -> DuplicatePair:
    """Say of a pair that it is two people, or put it off, or take that back; refused once the cards are one."""
    pair = await queries.get_pair(session, pair_id, lock=True)
    if pair.state == PairState.MERGED:
        raise PairMerged()
    if pair.state != verdict:
        pair.state, pair.decided_by, pair.decided_at = verdict, actor.name, clock.now()
        # The verdict is about the cards as they are now, not as the last search found them.
        current = text("select " + _BOTH_KEYS.format(low=":low", high=":high"))
        pair.key = (await session.execute(current, {"low": pair.low_id, "high": pair.high_id})).scalar_one()
        await activity.record(
            session,
            actor,
            "duplicate.decided",
            subject="duplicate_pair",
            subject_id=pair.id,
            details={"verdict": verdict.value},
        )
        await session.flush()
    return pair


async def mark_merged(session: AsyncSession, low_id: UUID, high_id: UUID) -> None:
    """Close the pair of two cards that became one, in either order; nothing happens where they never were a pair."""
    await _mark(session, low_id, high_id, PairState.MERGED)


async def mark_unmerged(session: AsyncSession, low_id: UUID, high_id: UUID) -> None:
    """Put the pair of two cards that were separated back in the queue; `decided_at` remembers that a person did it."""
    await _mark(session, low_id, high_id, PairState.OPEN)


async def _mark(session: AsyncSession, one: UUID, other: UUID, state: PairState) -> None:
    await session.execute(
        update(DuplicatePair)
        .where(DuplicatePair.low_id == min(one, other), DuplicatePair.high_id == max(one, other))
        .values(state=state, decided_by=None, decided_at=clock.now())
    )
