"""Profiles as purchases leave them, straight into the table, for tests of what is made of them."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import log
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category
from ritorno.customers.models import Customer
from ritorno.transactions.models import CategoryProfile, Profile
from tests.factories.customers import make_customer


def sums_of(days: Sequence[date], revenue_minor: int) -> dict[str, Any]:
    """Return the running sums of visits on these days (MODELS §1.2)."""
    ordered = sorted(set(days))
    logs = [log((later - earlier).days) for earlier, later in pairwise(ordered)]
    return {
        "purchases": len(days),
        "revenue_minor": revenue_minor,
        "visit_days": len(ordered),
        "first_day": ordered[0] if ordered else None,
        "last_day": ordered[-1] if ordered else None,
        "sl": sum(logs),
        "sl2": sum(value**2 for value in logs),
    }


async def make_visitor(
    session: AsyncSession, days: Sequence[date], *, revenue_minor: int = 10_000, **columns: Any
) -> Customer:
    """Make a customer who came on these days."""
    customer = await make_customer(session, **columns)
    session.add(Profile(customer_id=customer.id, **sums_of(days, revenue_minor)))
    await session.flush()
    return customer


async def make_habit(
    session: AsyncSession, customer_id: UUID, category: Category, days: Sequence[date], *, revenue_minor: int = 5_000
) -> None:
    """Let a customer have bought in a category on these days."""
    session.add(CategoryProfile(customer_id=customer_id, category_id=category.id, **sums_of(days, revenue_minor)))
    await session.flush()


async def make_category(session: AsyncSession, name: str, **columns: Any) -> Category:
    category = Category(code=name.casefold(), name=name, **columns)
    session.add(category)
    await session.flush()
    return category
