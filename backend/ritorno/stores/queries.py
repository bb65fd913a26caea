"""Reads of the business and its stores."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.stores.models import Business, Store


async def get_business(session: AsyncSession) -> Business:
    """Return the business; the first migration makes the row, so it is always there."""
    return await session.get_one(Business, 1)


async def list_stores(session: AsyncSession, query: PageQuery) -> Page[Store]:
    return await paginate(session, select(Store), key=[Store.name, Store.id], query=query, cast=[str, UUID])


async def store_ids_by_code(session: AsyncSession, codes: set[str]) -> dict[str, UUID]:
    """Return the ids of the codes that exist."""
    found = await session.execute(select(Store.code, Store.id).where(Store.code.in_(codes)))
    return {row.code: row.id for row in found}
