"""Totals as they stand, and as counting every row would make them."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.quality.models import CardQuality, QualityTotal
from ritorno.quality.service import Row, TotalKey, contribution


async def running_totals(session: AsyncSession) -> dict[TotalKey, int]:
    rows = await session.execute(
        select(QualityTotal.store_id, QualityTotal.source, QualityTotal.measure, QualityTotal.value)
    )
    return {(store_id, source, measure): value for store_id, source, measure, value in rows if value}


async def counted_totals(session: AsyncSession) -> dict[TotalKey, int]:
    totals = Counter[TotalKey]()
    for card in await session.scalars(select(CardQuality).execution_options(populate_existing=True)):
        row = Row(card.customer_id, card.store_id, card.source, card.score, frozenset(card.measures), None, None)
        totals.update(contribution(row))
    return {key: value for key, value in totals.items() if value}
