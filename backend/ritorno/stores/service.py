"""Changes of stores and of the business."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.kit.keyed import KeyedTable
from ritorno.stores import queries
from ritorno.stores.models import Business, Store
from ritorno.stores.schemas import BusinessPatch, StorePut

STORES = KeyedTable("stores", key={"code": "text"}, columns={"name": "text", "city": "text", "timezone": "text"})
"""What a file may state of a store."""


async def put_store(session: AsyncSession, code: str, wanted: StorePut, *, actor: Actor) -> Store:
    """Create or replace the store a till calls by this code."""
    values = wanted.model_dump()
    statement = (
        insert(Store)
        .values(id=uuid7(), code=code, **values)
        .on_conflict_do_update(index_elements=[Store.code], set_=values)
        .returning(Store)
    )
    store = (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one()
    await activity.record(session, actor, "store.saved", subject="store", subject_id=store.id)
    return store


async def ensure_stores(session: AsyncSession, codes: Iterable[str]) -> dict[str, UUID]:
    """Return the id of every code, making a store named by its code where a till speaks of one not yet known."""
    wanted = set(codes)
    known = await queries.store_ids_by_code(session, wanted)
    missing = sorted(wanted - known.keys())
    if missing:
        await session.execute(
            insert(Store)
            .values([{"id": uuid7(), "code": code, "name": code} for code in missing])
            .on_conflict_do_nothing(index_elements=[Store.code])
        )
        known = await queries.store_ids_by_code(session, wanted)
    return known


async def change_business(session: AsyncSession, wanted: BusinessPatch, *, actor: Actor) -> Business:
    """Change what is written of the business; `null` clears the sector alone, every other field has a value."""
    statement = select(Business).where(Business.id == 1).with_for_update()
    business = (await session.execute(statement)).scalar_one()
    given = wanted.model_dump(exclude_unset=True)
    changed = {name: value for name, value in given.items() if value is not None or name == "sector"}
    for name, value in changed.items():
        setattr(business, name, value)
    await activity.record(session, actor, "business.changed", subject="business", details={"fields": sorted(changed)})
    await session.flush()
    await session.refresh(business)
    return business
