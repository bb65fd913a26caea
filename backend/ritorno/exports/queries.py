"""Reads of exports: the files themselves here; the rows that go into them in `people` and `records`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.exports.errors import ExportNotFound
from ritorno.exports.models import Export
from ritorno.exports.rules import ExportState
from ritorno.kit.pages import Page, PageQuery, paginate


async def get_export(session: AsyncSession, export_id: UUID, *, lock: bool = False) -> Export:
    export = await session.get(Export, export_id, with_for_update=lock or None, populate_existing=lock)
    if export is None:
        raise ExportNotFound()
    return export


async def list_exports(session: AsyncSession, query: PageQuery) -> Page[Export]:
    return await paginate(
        session,
        select(Export),
        key=[Export.created_at, Export.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


async def stored_names(session: AsyncSession) -> set[str]:
    """Return the names of the files that may be fetched."""
    names = await session.scalars(select(Export.stored_name).where(Export.state == ExportState.DONE))
    return {name for name in names if name is not None}


async def kept_too_long(session: AsyncSession, at: datetime) -> Sequence[Export]:
    """Return, locked, the exports whose file is over its time."""
    statement = select(Export).where(Export.state == ExportState.DONE, Export.expires_at <= at)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).all()
