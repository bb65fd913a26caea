"""The lake's verbs for a whole person: what is kept of them, whose it becomes, and that it is nobody's any more."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.imports.lake.engine import Lake, parquet
from ritorno.imports.lake.layout import DATASETS
from ritorno.imports.lake.profiles import LINKS_MOVED
from ritorno.kit import outbox
from ritorno.kit.db import driver
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


async def rehome(session: AsyncSession, *, loser: UUID, winner: UUID) -> list[int]:
    """Make the lines of one person those of another; return the pseudonyms that moved, which `give_back` takes.

    Sums of two pasts cannot be added where they overlap: an event has both counted again from the lines.
    """
    moved = await (await driver(session)).fetch(
        "update lake_pseudonyms set customer_id = $2 where customer_id = $1 returning pseudonym", loser, winner
    )
    if moved:
        await outbox.publish(session, LINKS_MOVED, {"customer_ids": [str(loser), str(winner)]})
    return [row["pseudonym"] for row in moved]


async def give_back(session: AsyncSession, pseudonyms: Sequence[int], *, to: UUID) -> None:
    """Return lines to the person they were taken from by a merge."""
    before = await (await driver(session)).fetch(
        """with before as (select pseudonym, customer_id from lake_pseudonyms where pseudonym = any($1::bigint[]))
           update lake_pseudonyms p set customer_id = $2 from before
           where p.pseudonym = before.pseudonym returning before.customer_id""",
        list(pseudonyms),
        to,
    )
    if before:
        owners = {row["customer_id"] for row in before} | {to}
        await outbox.publish(session, LINKS_MOVED, {"customer_ids": sorted(str(each) for each in owners)})
