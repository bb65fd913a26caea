"""The profiles, kept in step with the transactions (MODELS §1.2, DATABASE C).

News in order is added to the sums; a late, changed or moved transaction makes its customers' sums be computed again.
Whoever writes a profile holds its row first, in the order of customer ids, and only then reads transactions: so two
batches never wait for each other in a ring, and nobody computes from what another is about to change.

Purchases older than the window of retention count for nobody (C-30).

Purchases that live only in the lake are the base of a profile: their sums are kept in `past_profiles`, and whatever is
computed here begins with them. Their days are not kept: a purchase that turns up later, dated before the last of them,
counts with its money but makes no visit.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import driver
from ritorno.transactions.service.storing import Connection, TransactionRow

_SUMS = "purchases, returns, revenue_minor, first_at, last_at, visit_days, first_day, last_day, sl, sl2"
SUM_COLUMNS = _SUMS.split(", ")


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
# What is older than the window says nothing of anybody any more (C-30); before the first night there is no window.
IN_WINDOW = "occurred_at >= coalesce((select profiled_since from purchase_window), '-infinity')"
_READ = "select id, customer_id, kind, occurred_at, business_day, total_minor from transactions"
_NEW = f"""
    tx as materialized (
        select t.*, null::date as past_day
        from unnest($1::uuid[]) as new (id) cross join lateral ({_READ} where id = new.id and {IN_WINDOW} offset 0) t
    )
"""
_OF_SOME = f"""
    tx as materialized (
        select t.*, past.last_day as past_day from unnest($1::uuid[]) as touched (customer_id)
        cross join lateral ({_READ} where customer_id = touched.customer_id and {IN_WINDOW} offset 0) t
        left join past_profiles past on past.customer_id = t.customer_id
    )
"""
_OF_ALL = f"""
    tx as (
        select t.*, past.last_day as past_day
        from ({_READ} where customer_id is not null and {IN_WINDOW}) t
        left join past_profiles past on past.customer_id = t.customer_id
    )
"""
_THEIR_LINES = """
    cross join lateral (select category_id, total_minor from transaction_lines where transaction_id = tx.id offset 0) l
"""
_ALL_LINES = "join transaction_lines l on l.transaction_id = tx.id"
_IS_NEWS = "(past_day is null or business_day >= past_day)"


def _profile_parts(tx: str) -> str:
    """What each transaction brings to its customer: a paid sale makes its day a visit."""
    return f"""{tx}, part as (
        select customer_id, kind, occurred_at, business_day, total_minor as total,
               kind = 'SALE' and total_minor > 0 and {_IS_NEWS} as counts from tx
    )"""


def _category_parts(tx: str, lines: str) -> str:
    """What each transaction brings to its customer in each category.

    Its day counts if the whole receipt makes a visit and the share of the category was paid: so the days of a category
    are among the days of its customer, and whoever is not late as a customer is not late in a category.
    """
    return f"""{tx}, part as (
        select tx.customer_id, l.category_id, tx.kind, tx.occurred_at, tx.business_day, sum(l.total_minor) as total,
               tx.kind = 'SALE' and tx.total_minor > 0 and sum(l.total_minor) > 0 and {_IS_NEWS} as counts
        from tx {lines} where l.category_id is not null
        group by tx.id, tx.customer_id, l.category_id, tx.kind, tx.occurred_at, tx.business_day, tx.total_minor,
                 tx.past_day
    )"""


# ── the sums ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sums(keys: str, parts: str) -> str:
    """Return the expressions that make `news`, the sums of the parts: first day by day, then gap by gap, without a join
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
        ), news ({keys}, {_SUMS}) as (
            select {keys}, sum(purchases), sum(returns), sum(total), min(first_at), max(last_at),
                   count(*) filter (where visited), min(business_day) filter (where visited),
                   max(business_day) filter (where visited), coalesce(sum(gap), 0), coalesce(sum(gap * gap), 0)
            from gaps group by {keys}
        )
    """


def _sum_of(old: str, new: str) -> dict[str, str]:
    """Return what each column is once news, not older than the last visit, is added to what was there; a day already
    counted is not counted again.
    """
    gap = f"ln(({new}.first_day - {old}.last_day)::float8)"
    seam = f"case when {new}.first_day > {old}.last_day then %s else 0 end"
    counted = {
        name: f"coalesce({old}.{name}, 0) + coalesce({new}.{name}, 0)"
        for name in ("purchases", "returns", "revenue_minor", "visit_days", "sl", "sl2")
    }
    return counted | {
        "first_at": f"least({old}.first_at, {new}.first_at)",
        "last_at": f"greatest({old}.last_at, {new}.last_at)",
        "visit_days": f"{counted['visit_days']} - coalesce(({new}.first_day = {old}.last_day)::int, 0)",
        "first_day": f"coalesce({old}.first_day, {new}.first_day)",
        "last_day": f"coalesce({new}.last_day, {old}.last_day)",
        "sl": f"{counted['sl']} + {seam % gap}",
        "sl2": f"{counted['sl2']} + {seam % f'{gap} * {gap}'}",
    }


def _merge(table: str, keys: str, parts: str, where: str = "") -> str:
    """Return the statement that brings the sums of new transactions to a projection."""
    return f"{_sums(keys, parts)} insert into {table} as p ({keys}, {_SUMS}) select * from news {where}"


def _compute(table: str, keys: str, parts: str, whose: str = "") -> str:
    """Return the statement that fills a projection: the past, and then the sums of all transactions."""
    whole = _sum_of("past", "news")
    return f"""
        {_sums(keys, parts)}
        insert into {table} as p ({keys}, {_SUMS})
        select {keys}, {", ".join(whole[name] for name in SUM_COLUMNS)}
        from (select * from past_{table} {whose}) past full join news using ({keys})
    """


_KEY = "customer_id"
_CATEGORY_KEYS = "customer_id, category_id"

ADD = f"""
    on conflict (%s) do update set {", ".join(f"{name} = {value}" for name, value in _sum_of("p", "excluded").items())}
"""
"""Adds news that is not older than the last visit."""

IN_ORDER = "where p.last_day is null or excluded.first_day is null or excluded.first_day >= p.last_day"
"""Whoever fails this is late: not changed, but locked all the same."""

# Disturbed customers take part with a day before all days: late by definition, and so locked with the others.
_MERGE_PROFILES = f"""
    {_merge("profiles", _KEY, _profile_parts(_NEW), "where customer_id <> all($2::uuid[])")}
    union all
    select d, 0, 0, 0, null, null, 0, '-infinity'::date, null, 0, 0 from unnest($2::uuid[]) as d
    order by 1
    {ADD % _KEY} {IN_ORDER}
    returning p.customer_id
"""
_MERGE_CATEGORIES = f"""
    {_merge("category_profiles", _CATEGORY_KEYS, _category_parts(_NEW, _THEIR_LINES))}
    order by 1, 2
    {ADD % _CATEGORY_KEYS}
"""
_WHOSE = "where customer_id = any($1::uuid[])"
_PROFILES_OF_SOME = f"""
    {_compute("profiles", _KEY, _profile_parts(_OF_SOME), _WHOSE)}
    on conflict (customer_id) do update set {", ".join(f"{name} = excluded.{name}" for name in SUM_COLUMNS)}
"""
_CATEGORIES_OF_SOME = _compute("category_profiles", _CATEGORY_KEYS, _category_parts(_OF_SOME, _THEIR_LINES), _WHOSE)
_PROFILES_OF_ALL = _compute("profiles", _KEY, _profile_parts(_OF_ALL))
_CATEGORIES_OF_ALL = _compute("category_profiles", _CATEGORY_KEYS, _category_parts(_OF_ALL, _ALL_LINES))


async def hold(connection: Connection, customer_ids: list[UUID]) -> None:
    """Lock the profiles of customers until the end of the unit of work, in order of ids; `recompute` must follow."""
    await connection.fetch(_MERGE_PROFILES, [], sorted(customer_ids))


async def replace_past(connection: Connection, customer_ids: list[UUID], sums: Path, category_sums: Path) -> None:
    """Give customers, whose profiles the caller holds, another past: files of CSV in the order of the columns."""
    for table, keys, file in (
        ("past_profiles", [_KEY], sums),
        ("past_category_profiles", _CATEGORY_KEYS.split(", "), category_sums),
    ):
        await connection.execute(f"delete from {table} where customer_id = any($1::uuid[])", customer_ids)
        await connection.copy_to_table(table, source=file, format="csv", columns=[*keys, *SUM_COLUMNS])
    await recompute(connection, customer_ids)


async def recompute(connection: Connection, customer_ids: list[UUID]) -> None:
    """Compute the profiles of customers whose profile rows the caller holds."""
    if not customer_ids:
        return
    await connection.execute(_PROFILES_OF_SOME, customer_ids)
    await connection.execute("delete from category_profiles where customer_id = any($1::uuid[])", customer_ids)
    await connection.execute(_CATEGORIES_OF_SOME, customer_ids)
    await connection.execute(
        f"""delete from profiles p where customer_id = any($1::uuid[])
           and not exists (select from transactions t where t.customer_id = p.customer_id and {IN_WINDOW})
           and not exists (select from past_profiles past where past.customer_id = p.customer_id)""",
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
