"""Reads random units for the fits. The draw is a keyed hash of the customer, so a second fit of the same day sees the
same people.
"""

from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import numpy as np

from ritorno.scores.fitting import Units
from ritorno.scores.rules import Parameters

SEED = 20_261_121
SHOP_UNITS = 6_000
POOLED_UNITS = 6_000
CATEGORY_UNITS = 2_000
MOST_UNITS = 1_000_000
"""Over all categories together, so that a catalogue of thousands stays in memory."""

_ELAPSED = "greatest($1::date - {unit}.last_day, 0) as elapsed"


def _drawn(key: str, wanted: str, size: str) -> str:
    """Return the condition that keeps about `wanted` of `size` units."""
    return f"(hashtextextended({key}, $2) & 2147483647) < 2147483648.0 * {wanted} / {size}"


_SHOP = f"""
    select p.visit_days - 1 as x, p.sl, p.sl2, {_ELAPSED.format(unit="p")}, 0 as shop_x, 0.0::float8 as shop_sl
    from profiles p, (select count(*) as n from profiles where visit_days > 0) size
    where p.visit_days > 0 and {_drawn("p.customer_id::text", "$3::int", "size.n")}
    order by p.customer_id
"""
_POOLED = f"""
    select c.visit_days - 1 as x, c.sl, c.sl2, {_ELAPSED.format(unit="c")}, p.visit_days - 1 as shop_x, p.sl as shop_sl
    from category_profiles c
    join profiles p using (customer_id), (select count(*) as n from category_profiles where visit_days > 0) size
    where c.visit_days > 0 and p.visit_days > 0
        and {_drawn("c.customer_id::text || c.category_id::text", "$3::int", "size.n")}
    order by c.customer_id, c.category_id
"""
_CATEGORIES = f"""
    with sizes as (
        select category_id, count(*) as n, least($3::int, {MOST_UNITS}.0 / count(*) over ()) as wanted
        from category_profiles where visit_days > 0 group by category_id
    )
    select c.category_id, c.visit_days - 1 as x, c.sl, c.sl2, {_ELAPSED.format(unit="c")},
        p.visit_days - 1 as shop_x, p.sl as shop_sl
    from category_profiles c join profiles p using (customer_id) join sizes using (category_id)
    where c.visit_days > 0 and p.visit_days > 0 and {_drawn("c.customer_id::text", "sizes.wanted", "sizes.n")}
    order by c.category_id, c.customer_id
"""


async def draw_shop(connection: "asyncpg.Connection[Any]", on: date) -> Units:
    """Return customers as units of the shop."""
    return _units(await connection.fetch(_SHOP, on, SEED, SHOP_UNITS), None)


async def draw_pooled(connection: "asyncpg.Connection[Any]", on: date, shop: Parameters) -> Units:
    """Return customer × category units of all categories in their true proportions."""
    return _units(await connection.fetch(_POOLED, on, SEED, POOLED_UNITS), shop)


async def draw_categories(connection: "asyncpg.Connection[Any]", on: date, shop: Parameters) -> dict[UUID, Units]:
    """Return the units of every category that was ever bought."""
    rows = await connection.fetch(_CATEGORIES, on, SEED, CATEGORY_UNITS)
    units = _units(rows, shop)
    category_ids = [row["category_id"] for row in rows]
    starts = [at for at, found in enumerate(category_ids) if at == 0 or found != category_ids[at - 1]]
    return {category_ids[start]: units.between(start, end) for start, end in pairwise([*starts, len(rows)])}


def _units(rows: list[asyncpg.Record], shop: Parameters | None) -> Units:
    """Turn rows into arrays; the pace is that of `rules.pace_of`, for all customers at once."""

    def column(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.fromiter((row[name] for row in rows), dtype=np.float64, count=len(rows))

    if shop is None:
        pace = np.zeros(len(rows))
    else:
        precision, prior_precision = 1 / shop.sigma**2, 1 / shop.tau**2
        m = (column("shop_sl") * precision + shop.mu * prior_precision) / (
            column("shop_x") * precision + prior_precision
        )
        pace = m - shop.mu
    return Units(column("x"), column("sl"), column("sl2"), column("elapsed"), pace)
