"""Changes of the scores: fit the rhythms, score customers. Both may be repeated at will; only `stage_since`
remembers.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import log
from ritorno.scores import fitting, sampling, scoring
from ritorno.scores.models import FitLevel, RhythmFit
from ritorno.scores.rules import Parameters
from ritorno.transactions.models import Profile

BATCH = 10_000


async def refresh(session: AsyncSession, on: date) -> int:
    """Fit and score everybody as of a day, in one unit of work; return how many customers were scored. Twice changes
    nothing.

    For a shop or a demo; the nightly job does the same one unit of work per batch.
    """
    await fit(session, on)
    after, scored = None, 0
    while batch := await next_batch(session, after):
        await rescore(session, batch, on)
        after, scored = batch[-1], scored + len(batch)
    return scored


async def fit(session: AsyncSession, on: date) -> None:
    """Fit the shop, all categories pooled and each category, and replace the fits of before (MODELS §1.3)."""
    connection = await driver(session)
    shop_units = await sampling.draw_shop(connection, on)
    shop = fitting.fit_whole(shop_units)
    pooled_units = await sampling.draw_pooled(connection, on, shop)
    pooled = fitting.fit_whole(pooled_units)
    usual = dict((await session.execute(select(Category.id, Category.usual_interval_days))).all())
    rows = [
        _row(FitLevel.SHOP, None, shop, len(shop_units), on),
        _row(FitLevel.POOLED, None, pooled, len(pooled_units), on),
    ]
    for category_id, units in (await sampling.draw_categories(connection, on, shop)).items():
        fitted = fitting.fit_category(units, pooled, usual.get(category_id))
        rows.append(_row(FitLevel.CATEGORY, category_id, fitted, len(units), on))
    fresh = insert(RhythmFit)
    written = {name: fresh.excluded[name] for name in rows[0] if name not in {"id", "level", "category_id"}}
    await session.execute(fresh.on_conflict_do_update(index_elements=["level", "category_id"], set_=written), rows)
    kept = [row["category_id"] for row in rows[2:]]
    await session.execute(
        delete(RhythmFit).where(RhythmFit.level == FitLevel.CATEGORY, RhythmFit.category_id.not_in(kept))
    )
    log.info("scores.fitted", on=on.isoformat(), category_count=len(rows) - 2, shop_units=len(shop_units))


def _row(level: FitLevel, category_id: UUID | None, fitted: Parameters, unit_count: int, on: date) -> dict[str, object]:
    return {
        "id": uuid7(),
        "level": level,
        "category_id": category_id,
        "mu": fitted.mu,
        "sigma": fitted.sigma,
        "tau": fitted.tau,
        "a": fitted.a,
        "b": fitted.b,
        "unit_count": unit_count,
        "as_of": on,
        "fitted_at": clock.now(),
    }


async def next_batch(session: AsyncSession, after: UUID | None) -> list[UUID]:
    """Return the next customers with a profile, by id; empty at the end."""
    chosen = select(Profile.customer_id).order_by(Profile.customer_id).limit(BATCH)
    return list(await session.scalars(chosen.where(Profile.customer_id > after) if after else chosen))


async def rescore(session: AsyncSession, customer_ids: Collection[UUID], on: date) -> None:
    """Score these customers and their categories as of a day with the fits at hand; without a fit yet nothing is said
    of anybody.

    A stage keeps the day it began while it lasts; who has no purchase left loses their scores.
    """
    ids = sorted(set(customer_ids))
    for statement in (scoring.FORGET_CUSTOMERS, scoring.FORGET_CATEGORIES):
        await session.execute(statement, {"ids": ids})
    await session.execute(scoring.RESCORE, {"ids": ids, "on": on})
