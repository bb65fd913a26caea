"""Reads of the catalogue."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.errors import CategoryNotFound
from ritorno.catalog.models import Category, Product
from ritorno.kit.pages import Page, PageQuery, paginate


async def get_category(session: AsyncSession, category_id: UUID) -> Category:
    category = await session.get(Category, category_id)
    if category is None:
        raise CategoryNotFound()
    return category


async def list_categories(session: AsyncSession, query: PageQuery, *, q: str | None) -> Page[Category]:
    statement = select(Category)
    if q:
        statement = statement.where(Category.name.icontains(q, autoescape=True))
    return await paginate(session, statement, key=[Category.name, Category.id], query=query, cast=[str, UUID])


async def list_products(
    session: AsyncSession, query: PageQuery, *, q: str | None, category_id: UUID | None
) -> Page[Product]:
    statement = select(Product)
    if q:
        statement = statement.where(Product.name.istartswith(q, autoescape=True))
    if category_id is not None:
        statement = statement.where(Product.category_id == category_id)
    return await paginate(session, statement, key=[Product.name, Product.id], query=query, cast=[str, UUID])


async def category_names(session: AsyncSession, ids: set[UUID]) -> dict[UUID, str]:
    """Return the names of some categories."""
    found = await session.execute(select(Category.id, Category.name).where(Category.id.in_(ids)))
    return {row.id: row.name for row in found}
