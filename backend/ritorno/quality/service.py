"""Changes of quality: cards assessed again, totals moved by the difference, ranks, confirmations, the walk over all.

The totals always equal what the rows of `card_quality` add up to, because both are written in one unit of work, by
`refresh` and by nothing else. Cards are locked first and totals last, each in the order of their keys, so two
refreshes never wait for each other in a circle; open one unit of work for each.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import queries as customers
from ritorno.customers.errors import CustomerErased
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.quality import queries, rules
from ritorno.quality.models import NO_STORE, CardConfirmation, QualityRank, QualitySweep
from ritorno.quality.queries import CardFacts
from ritorno.quality.rules import DEFAULT_RANKS, QualityField, Rank, Ranks
from ritorno.stores import queries as stores

BATCH = 5_000
RANKED = "quality.ranked"

TotalKey = tuple[UUID, str, str]


class Row(NamedTuple):
    """A row of `card_quality`, as it stands or as it should."""

    customer_id: UUID
    store_id: UUID | None
    source: str | None
    score: int
    measures: frozenset[str]
    confirmed_on: date | None
    recheck_on: date | None


async def refresh(session: AsyncSession, customer_ids: Collection[UUID]) -> int:
    """Assess these cards as they stand now, in a fixed number of statements, and move the totals by the difference;
    return how many rows changed. Twice changes nothing; a card that is gone leaves no trace.
    """
    ids = sorted(set(customer_ids))
    if not ids:
        return 0
    business = await stores.get_business(session)
    ranks = await queries.get_ranks(session)
    held = await _lock(session, ids)
    # Read after the lock: whoever writes last has seen the newest facts.
    facts = await queries.facts_of(session, ids, business.timezone)
    today = clock.today(business.timezone)
    fresh = {each: _row(each, card, ranks, today) for each, card in facts.items() if card.is_counted}
    gone = [each for each in held if each not in fresh]
    changed = [row for each, row in fresh.items() if held[each] != row]
    await _write(session, changed, gone)
    await _move_totals(session, (held[each] for each in gone), changed, held)
    return len(changed) + sum(1 for each in gone if held[each].measures)


def _row(customer_id: UUID, card: CardFacts, ranks: Ranks, today: date) -> Row:
    score = rules.whole_score(card.facts, ranks, today)
    return Row(
        customer_id,
        card.store_id,
        card.source,
        score,
        rules.measures_of(card.facts, score, today),
        card.facts.confirmed_on,
        rules.recheck_on(card.facts, today),
    )


async def _lock(session: AsyncSession, ids: list[UUID]) -> dict[UUID, Row]:
    """Return and lock the rows as they stand; a card without one gets an empty one first, which counts nowhere.

    Two refreshes of a new card then wait for each other, and the second knows what the first has counted.
    """
    connection = await driver(session)
    held: dict[UUID, Row] = {}
    # Once around, unless a row was removed by somebody else while we waited for it.
    while waiting := [each for each in ids if each not in held]:
        await connection.execute(
            "insert into card_quality (customer_id) select id from unnest($1::uuid[]) w (id) on conflict do nothing",
            waiting,
        )
        rows = await connection.fetch(
            """select customer_id, store_id, source, score, measures, confirmed_on, recheck_on from card_quality
               where customer_id = any($1::uuid[]) order by customer_id for update""",
            waiting,
        )
        for each, store_id, source, score, measures, confirmed_on, recheck_on in rows:
            held[each] = Row(each, store_id, source, score, frozenset(measures), confirmed_on, recheck_on)
    return held


async def _write(session: AsyncSession, changed: list[Row], gone: list[UUID]) -> None:
    connection = await driver(session)
    if changed:
        columns: list[list[Any]] = [list(column) for column in zip(*changed, strict=True)]
        columns[4] = [" ".join(sorted(measures)) for measures in columns[4]]
        await connection.execute(
            """update card_quality q set store_id = w.store_id, source = w.source, score = w.score,
                   measures = string_to_array(w.measures, ' '), confirmed_on = w.confirmed_on,
                   recheck_on = w.recheck_on, computed_at = $8
               from unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::text[], $6::date[], $7::date[])
                   w (customer_id, store_id, source, score, measures, confirmed_on, recheck_on)
               where q.customer_id = w.customer_id""",
            *columns,
            clock.now(),
        )
    if gone:
        await connection.execute("delete from card_quality where customer_id = any($1::uuid[])", gone)


async def _move_totals(
    session: AsyncSession, gone: Iterable[Row], changed: list[Row], held: Mapping[UUID, Row]
) -> None:
    moved = Counter[TotalKey]()
    for row in changed:
        moved.update(contribution(row))
        moved.subtract(contribution(held[row.customer_id]))
    for row in gone:
        moved.subtract(contribution(row))
    shifts = sorted((*key, value) for key, value in moved.items() if value)
    if shifts:
        connection = await driver(session)
        await connection.execute(
            """insert into quality_totals as t (store_id, source, measure, value)
               select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
               on conflict (store_id, source, measure) do update set value = t.value + excluded.value""",
            *map(list, zip(*shifts, strict=True)),
        )


def contribution(row: Row) -> dict[TotalKey, int]:
    """Return what one row adds to the totals; one that says nothing yet adds nothing."""
    if not row.measures:
        return {}
    store_id, source = row.store_id or NO_STORE, row.source or ""
    counted = dict.fromkeys(((store_id, source, measure) for measure in (rules.CARDS, *row.measures)), 1)
    return counted | {(store_id, source, rules.POINTS): row.score}


# ── in step with time ─────────────────────────────────────────────────────────────────────────────────────────────────


async def refresh_due(session: AsyncSession) -> bool:
    """Assess the next cards of which time alone changed something; tell whether there may be more."""
    today = clock.today((await stores.get_business(session)).timezone)
    due = await queries.cards_to_recheck(session, today, BATCH)
    await refresh(session, due)
    return len(due) == BATCH


async def keep_day(session: AsyncSession) -> None:
    """Keep today's totals of the whole shop; a second time keeps the newer."""
    today = clock.today((await stores.get_business(session)).timezone)
    connection = await driver(session)
    await connection.execute(
        """insert into quality_history (day, measure, value)
           select $1, measure, sum(value) from quality_totals group by measure
           on conflict (day, measure) do update set value = excluded.value""",
        today,
    )


# ── the walk over every card ──────────────────────────────────────────────────────────────────────────────────────────


async def begin_first_sweep(session: AsyncSession) -> None:
    """Begin the walk over every card unless there ever was one: an installation older than this has cards without a
    row.
    """
    if await queries.find_sweep(session) is None:
        await _begin_sweep(session)


async def _begin_sweep(session: AsyncSession) -> None:
    """Begin the walk, or begin it again from the first card."""
    sweep = await queries.find_sweep(session, lock=True)
    if sweep is not None and sweep.finished_at is None:
        await activity.finish_job(session, sweep.job_id)
    job = await activity.start_job(session, kind="quality", label="quality", total=await queries.count_cards(session))
    state = {"job_id": job.id, "after_id": None, "done": 0, "finished_at": None}
    await session.execute(
        insert(QualitySweep).values(id=1, **state).on_conflict_do_update(index_elements=[QualitySweep.id], set_=state)
    )


async def sweep_next(session: AsyncSession) -> bool:
    """Assess the next cards of the walk and note how far it came; tell whether there may be more."""
    sweep = await queries.find_sweep(session, lock=True)
    if sweep is None or sweep.finished_at is not None:
        return False
    batch = await queries.next_cards(session, sweep.after_id, BATCH)
    await refresh(session, batch)
    if not batch:
        sweep.finished_at = clock.now()
        await activity.finish_job(session, sweep.job_id)
        return False
    sweep.after_id, sweep.done = batch[-1], sweep.done + len(batch)
    await activity.advance_job(session, sweep.job_id, done=sweep.done)
    return True


# ── what people decide ────────────────────────────────────────────────────────────────────────────────────────────────


async def rank_fields(session: AsyncSession, wanted: Mapping[QualityField, Rank], *, actor: Actor) -> None:
    """Give the fields named their rank and the others their default; where that changes anything, every card is
    scored again in the background.
    """
    after = DEFAULT_RANKS | dict(wanted)
    before = await queries.get_ranks(session)
    if after == before:
        return
    await session.execute(delete(QualityRank))
    await session.execute(insert(QualityRank), [{"field": each, "rank": rank} for each, rank in after.items()])
    changed = {each.value: rank.value for each, rank in after.items() if rank != before[each]}
    await activity.record(session, actor, "quality.ranked", subject="quality", details={"ranks": changed})
    await _begin_sweep(session)
    await outbox.publish(session, RANKED, {})


async def confirm(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> None:
    """Note that the person went through the card with staff today; a second time on a day changes nothing."""
    customer = await customers.get_customer(session, customer_id)
    if customer.erased_at is not None:
        raise CustomerErased()
    today = clock.today((await stores.get_business(session)).timezone)
    stated = insert(CardConfirmation).values(customer_id=customer_id, confirmed_on=today)
    noted = await session.scalar(
        stated.on_conflict_do_update(
            index_elements=[CardConfirmation.customer_id],
            set_={"confirmed_on": today},
            where=CardConfirmation.confirmed_on < today,
        ).returning(CardConfirmation.customer_id)
    )
    if noted is not None:
        await activity.record(session, actor, "customer.confirmed", subject="customer", subject_id=customer_id)
        await refresh(session, [customer_id])
