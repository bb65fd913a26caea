"""The lake's verbs for a whole person: what is kept of them, whose it becomes, and that it is nobody's any more."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.imports.lake.engine import Lake, parquet
from ritorno.imports.lake.layout import DATASETS
from ritorno.imports.lake.models import LakePseudonym
from ritorno.imports.lake.profiles import LINKS_MOVED
from ritorno.kit import outbox, rehoming
from ritorno.kit.db import driver
from ritorno.kit.rehoming import Keys, Moved
from ritorno.transactions.service import profiling

BATCH = 1_000


async def export(session: AsyncSession, lake: Lake, customer_id: UUID) -> AsyncIterator[dict[str, Any]]:
    """Yield every line of the lake that is traced to a person, with its dataset and without the pseudonym."""
    held = await (await driver(session)).fetch(
        "select pseudonym from lake_pseudonyms where customer_id = $1 order by pseudonym", customer_id
    )
    pseudonyms = ", ".join(str(row["pseudonym"]) for row in held)
    if not pseudonyms:
        return
    with TemporaryDirectory(prefix="ritorno-lake-") as place:
        async with lake.engine(Path(place)) as engine:
            for dataset in DATASETS:
                if not (files := lake.files(dataset)):
                    continue
                lines = f"""select * exclude (pseudonym) from {parquet(files)}
                            where pseudonym in ({pseudonyms}) order by day, receipt"""
                names = [row[0] for row in await engine.run(f"describe {lines}")]
                async for batch in engine.iter_batches(lines, BATCH):
                    for row in batch:
                        yield {"dataset": dataset} | dict(zip(names, row, strict=True))


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Cut the link between a person and their lines for ever, and forget what was counted from them."""
    connection = await driver(session)
    await profiling.hold(connection, [customer_id])
    await connection.execute("delete from lake_pseudonyms where customer_id = $1", customer_id)
    for table in ("past_profiles", "past_category_profiles"):
        await connection.execute(f"delete from {table} where customer_id = $1", customer_id)
    await profiling.recompute(connection, [customer_id])


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Make the lines of a merged card those of the other; an event has both pasts counted again from the lines, since
    sums cannot be added where they overlap in time.
    """
    moved = await rehoming.rehome(session, [LakePseudonym], customer_id, into=into)
    await _tell(session, moved, customer_id, into)
    return moved


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its lines."""
    returned = await rehoming.rehome_back(session, [LakePseudonym], customer_id, out_of=out_of, moved=moved)
    await _tell(session, returned, customer_id, out_of)


async def _tell(session: AsyncSession, moved: Moved, *customer_ids: UUID) -> None:
    if moved.get(LakePseudonym.__tablename__):
        await outbox.publish(session, LINKS_MOVED, {"customer_ids": [str(each) for each in customer_ids]})
