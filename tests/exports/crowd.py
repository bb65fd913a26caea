"""Makes one file of a large shop in a process of its own, and says how long it took and how much memory it had."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from ritorno import models as _tables  # noqa: F401
from ritorno.exports import jobs, queries, service
from ritorno.exports.schemas import ExportCreate
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions

OWNER = Actor.system("crowd")

PEOPLE = """
    insert into customers (id, given_name, family_name, search_name, city, created_at)
    select uuidv7(), 'Nome ' || n % 300, 'Cognome ' || n % 4000, 'cognome ' || n, 'Bologna', now()
    from generate_series(1, {count}) n
"""
IDENTIFIERS = """
    insert into identifiers (id, customer_id, kind, source, value)
    select uuidv7(), id, 'CARD', 'card', 'C' || row_number() over () from customers
"""
TAGS = "insert into customer_tags (customer_id, tag) select id, 'vip' from customers"


async def fill(database_url: str, count: int) -> None:
    """Make the shop anew: customers with a card and a tag each."""
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        for statement in ("truncate customers cascade", PEOPLE.format(count=count), IDENTIFIERS, TAGS):
            await connection.exec_driver_sql(statement)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("analyze")
    await engine.dispose()


async def produce(settings: Settings, file_format: str) -> dict[str, Any]:
    """Make the file as a worker would."""
    engine = make_engine(settings.database_url)
    work = Work(settings, make_sessions(engine), OWNER)
    body = ExportCreate.model_validate(
        {"kind": "customers", "format": file_format, "use": "INTERNAL", "reason": "Misura"}
    )
    async with work.session() as session:
        export_id = (await service.request_export(session, body, actor=OWNER)).id
    began = time.perf_counter()
    await jobs.produce(work, {"export_id": str(export_id)})
    seconds = time.perf_counter() - began
    async with work.session() as session:
        export = await queries.get_export(session, export_id)
    await engine.dispose()
    return {
        "state": export.state,
        "rows": export.rows_written,
        "seconds": round(seconds, 1),
        "bytes": export.size_bytes,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    database_url, folder, file_format = sys.argv[1:]
    chosen = Settings.load(database_url=database_url, secret_key="x" * 40, data_dir=Path(folder))
    print(json.dumps(asyncio.run(produce(chosen, file_format))))
