"""The profiles, kept in step with the transactions (MODELS §1.2, DATABASE C).

News in order is added to the sums; a late, changed or moved transaction makes its customers' sums be computed again.
Whoever writes a profile holds its row first, in the order of customer ids, and only then reads transactions: so two
batches never wait for each other in a ring, and nobody computes from what another is about to change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import driver
from ritorno.transactions.rules import Part, Sums, TransactionKind, is_visit, sum_up
from ritorno.transactions.service.storing import Connection, LineRow, TransactionRow

_SUMS = "purchases, returns, revenue_minor, first_at, last_at, visit_days, first_day, last_day, sl, sl2"
_TYPES = (
    "int[]",
    "int[]",
    "bigint[]",
    "timestamptz[]",
    "timestamptz[]",
    "int[]",
    "date[]",
    "date[]",
    "float8[]",
    "float8[]",
)


def _columns(first: int) -> str:
    return ", ".join(f"${place}::{kind}" for place, kind in enumerate(_TYPES, first))


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

# A row whose WHERE is false is not changed, but locked all the same: that is how late customers are held.
MERGE_PROFILES = f"""
    insert into profiles as p (customer_id, {_SUMS})
    select * from unnest($1::uuid[], {_columns(2)})
    {ADD % "customer_id"}
    where p.last_day is null or excluded.first_day is null or excluded.first_day >= p.last_day
    returning p.customer_id
"""
# The days of a category are among the days of its customer, so whoever is not late there is not late here.
MERGE_CATEGORIES = f"""
    insert into category_profiles as p (customer_id, category_id, {_SUMS})
    select * from unnest($1::uuid[], $2::uuid[], {_columns(3)})
    {ADD % "customer_id, category_id"}
"""

_NEVER_IN_ORDER = date.min
"""PostgreSQL's -infinity: a customer to be computed again is late by definition."""


async def keep_in_step(
    connection: Connection,
    rows: Iterable[TransactionRow],
    lines: Iterable[LineRow],
    *,
    disturbed: Collection[UUID] = (),
) -> None:
    """Bring the profiles up to the transactions just added; `disturbed` customers had one changed or taken away."""
    whole, by_category = _parts(rows, lines)
    sums = {customer_id: sum_up(parts) for customer_id, parts in whole.items()}
    for customer_id in disturbed:
        sums[customer_id] = Sums(first_day=_NEVER_IN_ORDER)
    merged = await _merge(connection, sums)
    late = sorted((sums.keys() - merged) | set(disturbed))
    in_order = {key: sum_up(parts) for key, parts in by_category.items()}
    if late:
        away = set(late)
        in_order = {key: value for key, value in in_order.items() if key[0] not in away}
    await _merge_categories(connection, in_order)
    await recompute(connection, late)


def _parts(
    rows: Iterable[TransactionRow], lines: Iterable[LineRow]
) -> tuple[dict[UUID, list[Part]], dict[tuple[UUID, UUID], list[Part]]]:
    """Return what each transaction brings to its customer, and to its customer in each category."""
    shares: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for transaction_id, _, _, _, category_id, _, _, _, _, total in lines:
        if category_id is not None:
            share = shares[transaction_id]
            share[category_id] = share.get(category_id, 0) + total
    whole: defaultdict[UUID, list[Part]] = defaultdict(list)
    by_category: defaultdict[tuple[UUID, UUID], list[Part]] = defaultdict(list)
    for row in rows:
        is_sale = row.kind == TransactionKind.SALE
        visit = is_visit(row.kind, row.total_minor)
        whole[row.customer_id].append(Part(is_sale, row.occurred_at, row.business_day, row.total_minor, visit))
        for category_id, share_minor in shares[row.id].items():
            by_category[row.customer_id, category_id].append(
                Part(is_sale, row.occurred_at, row.business_day, share_minor, visit and share_minor > 0)
            )
    return whole, by_category


async def _merge(connection: Connection, sums: Mapping[UUID, Sums]) -> set[UUID]:
    """Add the sums of customers in order and return these customers; all of them are locked from here on."""
    if not sums:
        return set()
    ids = sorted(sums)
    merged = await connection.fetch(MERGE_PROFILES, ids, *_arrays([sums[each] for each in ids]))
    return {row[0] for row in merged}


async def _merge_categories(connection: Connection, sums: Mapping[tuple[UUID, UUID], Sums]) -> None:
    if sums:
        keys = sorted(sums)
        await connection.execute(
            MERGE_CATEGORIES,
            [key[0] for key in keys],
            [key[1] for key in keys],
            *_arrays([sums[key] for key in keys]),
        )


def _arrays(sums: list[Sums]) -> list[list[object]]:
    """Return the sums column by column, as `unnest` takes them."""
    names = _SUMS.split(", ")
    return [[getattr(each, name) for each in sums] for name in names]


# ── computed again from the transactions ──────────────────────────────────────────────────────────────────────────────

# LATERAL with OFFSET 0 keeps the planner from hashing all transactions for a handful of customers (DATABASE C).
_OF_SOME = """
    tx as materialized (
        select t.* from unnest($1::uuid[]) as touched (customer_id) cross join lateral (
            select id, customer_id, kind, occurred_at, business_day, total_minor from transactions
            where customer_id = touched.customer_id offset 0
        ) t
    )
"""
_LINES_OF_SOME = """
    cross join lateral (select category_id, total_minor from transaction_lines where transaction_id = tx.id offset 0) l
"""
_OF_ALL = "tx as (select id, customer_id, kind, occurred_at, business_day, total_minor from transactions)"
_LINES_OF_ALL = "join transaction_lines l on l.transaction_id = tx.id"


def _compute(table: str, keys: str, heads: str) -> str:
    """Return the statement that fills a projection from `part` (keys, kind, occurred_at, business_day, total,
    counts).
    """
    same = " and ".join(f"r.{key} = s.{key}" for key in keys.split(", "))
    return f"""
        with {heads}, gaps as (
            select {keys}, business_day,
                   ln((business_day - lag(business_day) over (partition by {keys} order by business_day))::float8) as l
            from (select distinct {keys}, business_day from part where counts) as days
        ), r as (
            select {keys}, count(*) as visit_days, min(business_day) as first_day, max(business_day) as last_day,
                   coalesce(sum(l), 0) as sl, coalesce(sum(l * l), 0) as sl2
            from gaps group by {keys}
        ), s as (
            select {keys}, count(*) filter (where kind = 'SALE') as purchases,
                   count(*) filter (where kind = 'RETURN') as returns, sum(total) as revenue_minor,
                   min(occurred_at) filter (where kind = 'SALE') as first_at,
                   max(occurred_at) filter (where kind = 'SALE') as last_at
            from part group by {keys}
        )
        insert into {table} ({keys}, {_SUMS})
        select {", ".join(f"s.{key}" for key in keys.split(", "))}, s.purchases, s.returns, s.revenue_minor, s.first_at,
               s.last_at, coalesce(r.visit_days, 0), r.first_day, r.last_day, coalesce(r.sl, 0), coalesce(r.sl2, 0)
        from s left join r on {same}
    """


def _profile_heads(tx: str) -> str:
    return f"""{tx}, part as (
        select customer_id, kind, occurred_at, business_day, total_minor as total,
               kind = 'SALE' and total_minor > 0 as counts from tx
    )"""


def _category_heads(tx: str, lines: str) -> str:
    return f"""{tx}, part as (
        select tx.customer_id, l.category_id, tx.kind, tx.occurred_at, tx.business_day, sum(l.total_minor) as total,
               tx.kind = 'SALE' and tx.total_minor > 0 and sum(l.total_minor) > 0 as counts
        from tx {lines} where l.category_id is not null
        group by tx.id, tx.customer_id, l.category_id, tx.kind, tx.occurred_at, tx.business_day, tx.total_minor
    )"""


_PROFILES_OF_SOME = (
    _compute("profiles", "customer_id", _profile_heads(_OF_SOME))
    + f"""
    on conflict (customer_id) do update set {", ".join(f"{name} = excluded.{name}" for name in _SUMS.split(", "))}
"""
)
_CATEGORIES_OF_SOME = _compute(
    "category_profiles", "customer_id, category_id", _category_heads(_OF_SOME, _LINES_OF_SOME)
)
_PROFILES_OF_ALL = _compute("profiles", "customer_id", _profile_heads(_OF_ALL))
_CATEGORIES_OF_ALL = _compute("category_profiles", "customer_id, category_id", _category_heads(_OF_ALL, _LINES_OF_ALL))


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
