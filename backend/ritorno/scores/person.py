"""The rights of the person over their scores: what the models say of them, and on what it rests (C-28)."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category
from ritorno.scores.models import CategoryScore, CustomerScore

LOGIC = (
    "From the days of past purchases: how many days usually pass between two of them, when the next is likely, and how "
    "likely it is that there will be one at all. No decision with legal effect is taken from it."
)


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return what was computed about one person, in the shop and in each category, and by which logic."""
    whole = await session.get(CustomerScore, customer_id)
    by_category = await session.execute(
        select(CategoryScore, Category.name)
        .outerjoin(Category, Category.id == CategoryScore.category_id)
        .where(CategoryScore.customer_id == customer_id)
        .order_by(Category.name)
    )
    rows = [{"category": None, "stage": whole.stage} | _dates(whole)] if whole else []
    rows += [{"category": name, "stage": None} | _dates(each) for each, name in by_category]
    return {"scores": [row | {"logic": LOGIC} for row in rows]}


def _dates(score: CustomerScore | CategoryScore) -> dict[str, Any]:
    return {
        "as_of": score.as_of.isoformat(),
        "usually_returns_on": score.due_on.isoformat(),
        "likely_from": score.likely_from.isoformat(),
        "likely_to": score.likely_to.isoformat(),
        "chance_of_returning": round(score.p_alive, 4),
        "expected_purchase_minor": score.expected_value_minor,
    }


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what the models said of one person."""
    for model in (CustomerScore, CategoryScore):
        await session.execute(delete(model).where(model.customer_id == customer_id))
