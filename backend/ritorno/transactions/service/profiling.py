"""The profiles, kept in step with the transactions (MODELS §1.2, DATABASE C).

News in order is added to the sums; a late, changed or moved transaction makes its customers' sums be computed again.
Whoever writes a profile holds its row first, in the order of customer ids, and only then reads transactions: so two
batches never wait for each other in a ring, and nobody computes from what another is about to change.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import driver
from ritorno.transactions.service.storing import Connection, TransactionRow

_SUMS = "purchases, returns, revenue_minor, first_at, last_at, visit_days, first_day, last_day, sl, sl2"
_COLUMNS = _SUMS.split(", ")


async def keep_in_step(
    connection: Connection, rows: Sequence[TransactionRow], *, disturbed: Collection[UUID] = ()
) -> None:
    """Bring the profiles up to the transactions just added; `disturbed` customers had one changed or taken away."""
    touched = {row.customer_id for row in rows} | set(disturbed)
    if not touched:
        return
    # Every profile touched is locked from here on, in order of ids.
    merged = await connection.fetch(_MERGE_PROFILES, [row.id for row in rows], sorted(disturbed))
    late = touched - {row[0] for row in merged} | set(disturbed)
    in_order = [row.id for row in rows if row.customer_id not in late]
    if in_order:
        await connection.execute(_MERGE_CATEGORIES, in_order)
    await recompute(connection, sorted(late))


# ── which transactions a statement reads ──────────────────────────────────────────────────────────────────────────────

# LATERAL with OFFSET 0 keeps the planner from hashing all transactions for a handful of them (DATABASE C).
_READ = "select id, customer_id, kind, occurred_at, business_day, total_minor from transactions"
_NEW = f"""
    tx as materialized (
        select t.* from unnest($1::uuid[]) as new (id) cross join lateral ({_READ} where id = new.id offset 0) t
    )
"""
_OF_SOME = f"""
    tx as materialized (
        select t.* from unnest($1::uuid[]) as touched (customer_id)
        cross join lateral ({_READ} where customer_id = touched.customer_id offset 0) t
    )
"""
_OF_ALL = f"tx as ({_READ})"
_THEIR_LINES = """
    cross join lateral (select category_id, total_minor from transaction_lines where transaction_id = tx.id offset 0) l
"""
_ALL_LINES = "join transaction_lines l on l.transaction_id = tx.id"


def _profile_parts(tx: str) -> str:
    """What each transaction brings to its customer: a paid sale makes its day a visit."""
    return f"""{tx}, part as (
        select customer_id, kind, occurred_at, business_day, total_minor as total,
               kind = 'SALE' and total_minor > 0 as counts from tx
    )"""


def _category_parts(tx: str, lines: str) -> str:
    """What each transaction brings to its customer in each category.

    Its day counts if the whole receipt makes a visit and the share of the category was paid: so the days of a category
    are among the days of its customer, and whoever is not late as a customer is not late in a category.
    """
    return f"""{tx}, part as (
        select tx.customer_id, l.category_id, tx.kind, tx.occurred_at, tx.business_day, sum(l.total_minor) as total,
               tx.kind = 'SALE' and tx.total_minor > 0 and sum(l.total_minor) > 0 as counts
        from tx {lines} where l.category_id is not null
        group by tx.id, tx.customer_id, l.category_id, tx.kind, tx.occurred_at, tx.business_day, tx.total_minor
    )"""


# ── the sums ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _compute(table: str, keys: str, parts: str, where: str = "") -> str:
    """Return the statement that fills a projection from its parts: first day by day, then gap by gap, without a join
    that a planner ignorant of the number of rows could loop over.
    """
    return f"""
        with {parts}, days as (
            select {keys}, business_day, bool_or(counts) as visited, sum(total) as total,
                   count(*) filter (where kind = 'SALE') as purchases,
                   count(*) filter (where kind = 'RETURN') as returns,
                   min(occurred_at) filter (where kind = 'SALE') as first_at,
                   max(occurred_at) filter (where kind = 'SALE') as last_at
            from part group by {keys}, business_day
        ), gaps as (
            select *, case when visited then ln((business_day - max(business_day) filter (where visited) over (
                partition by {keys} order by business_day rows between unbounded preceding and 1 preceding
            ))::float8) end as gap from days
        )
        insert into {table} as p ({keys}, {_SUMS})
        select {keys}, sum(purchases), sum(returns), sum(total), min(first_at), max(last_at),
               count(*) filter (where visited), min(business_day) filter (where visited),
               max(business_day) filter (where visited), coalesce(sum(gap), 0), coalesce(sum(gap * gap), 0)
        from gaps {where} group by {keys}
    """


_KEY = "customer_id"
_CATEGORY_KEYS = "customer_id, category_id"

_GAP = "ln((excluded.first_day - p.last_day)::float8)"
ADD = f"""
    on conflict (%s) do update set
        purchases = p.purchases + excluded.purchases,
        returns = p.returns + excluded.returns,
        revenue_minor = p.revenue_minor + excluded.revenue_minor,
        first_at = least(p.first_at, excluded.first_at),
        last_at = greatest(p.last_at, excluded.last_at),
        visit_days = p.visit_days + excluded.visit_days - coalesce((excluded.first_day = p.last_day)::int, 0),
        first_day = coalesce(p.first_day, excluded.first_day),
        last_day = coalesce(excluded.last_day, p.last_day),
        sl = p.sl + excluded.sl + case when excluded.first_day > p.last_day then {_GAP} else 0 end,
        sl2 = p.sl2 + excluded.sl2 + case when excluded.first_day > p.last_day then {_GAP} * {_GAP} else 0 end
"""
"""Adds news that is not older than the last visit; a day already counted is not counted again."""

IN_ORDER = "where p.last_day is null or excluded.first_day is null or excluded.first_day >= p.last_day"
"""Whoever fails this is late: not changed, but locked all the same."""

# Disturbed customers take part with a day before all days: late by definition, and so locked with the others.
_MERGE_PROFILES = f"""
    {_compute("profiles", _KEY, _profile_parts(_NEW), "where customer_id <> all($2::uuid[])")}
    union all
    select d, 0, 0, 0, null, null, 0, '-infinity'::date, null, 0, 0 from unnest($2::uuid[]) as d
    order by 1
    {ADD % _KEY} {IN_ORDER}
    returning p.customer_id
"""
_MERGE_CATEGORIES = f"""
    {_compute("category_profiles", _CATEGORY_KEYS, _category_parts(_NEW, _THEIR_LINES))}
    order by 1, 2
    {ADD % _CATEGORY_KEYS}
"""
_PROFILES_OF_SOME = f"""
    {_compute("profiles", _KEY, _profile_parts(_OF_SOME))}
    on conflict (customer_id) do update set {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
"""
_CATEGORIES_OF_SOME = _compute("category_profiles", _CATEGORY_KEYS, _category_parts(_OF_SOME, _THEIR_LINES))
_PROFILES_OF_ALL = _compute("profiles", _KEY, _profile_parts(_OF_ALL))
_CATEGORIES_OF_ALL = _compute("category_profiles", _CATEGORY_KEYS, _category_parts(_OF_ALL, _ALL_LINES))


async def recompute(connection: Connection, customer_ids: list[UUID]) -> None:
    """Compute the profiles of customers whose profile rows the caller holds."""
    if not customer_ids:
        return
    await connection.execute(_PROFILES_OF_SOME, customer_ids)
    await connection.execute("delete from category_profiles where customer_id = any($1::uuid[])", customer_ids)
    await connection.execute(_CATEGORIES_OF_SOME, customer_ids)
    await connection.execute(
        """delete from profiles p where customer_id = any($1::uuid[])
           and not exists (select from transactions t where t.customer_id = p.customer_id)""",
        customer_ids,
    )


async def rebuild_profiles(session: AsyncSession) -> None:
    """Compute every profile from the transactions; nobody else may record meanwhile."""
    connection = await driver(session)
    await connection.execute("lock table profiles in share row exclusive mode")
    await connection.execute("delete from profiles")
    await connection.execute("delete from category_profiles")
    await fill_profiles(connection)


async def fill_profiles(connection: Connection) -> None:
    """Fill empty projections, in two statements whatever the number of transactions."""
    await connection.execute("set local work_mem = '256MB'")
    await connection.execute(_PROFILES_OF_ALL)
    await connection.execute(_CATEGORIES_OF_ALL)
