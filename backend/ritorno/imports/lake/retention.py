"""The end of the window: a line of the lake loses its pseudonym and stays, for the models of shop and category (C-30).

Files are written anew beside the lake and then put in the place of the old, one by one: killed half-way, some months
are done and the next run finds the others.
"""

import shutil
from datetime import date
from pathlib import Path

from ritorno.imports.lake import profiles, queries
from ritorno.imports.lake.engine import Engine, Lake, parquet, text
from ritorno.imports.lake.layout import DATASETS
from ritorno.kit.background import Work
from ritorno.kit.ids import uuid7


async def detach(work: Work) -> int:
    """Detach every line older than the window from its person; return how many."""
    async with work.session() as session:
        since = await queries.window_start(session)
    lake = Lake(work.settings)
    if not lake.root.exists():
        return 0
    old = f"pseudonym is not null and day < '{since}'"
    async with lake.alone():
        scratch = lake.scratch(uuid7())
        try:
            async with lake.engine(scratch) as engine:
                ended = {dataset: await _ended(lake, engine, dataset, f"{since:%Y-%m}", old) for dataset in DATASETS}
                if ended["lines"]:
                    # Profiles first: they count lines inside the window only, and the files still tell whose these are.
                    await engine.run(
                        f"create table touched as select distinct pseudonym from {parquet(ended['lines'])} where {old}"
                    )
                    await profiles.recount(work, lake, engine)
                return sum([await _rewrite(engine, file, scratch, old) for files in ended.values() for file in files])
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


async def recount_aged(work: Work, since: date, until: date) -> int:
    """Count again whoever has lines of these days, which say nothing of anybody any more; return how many people."""
    lake = Lake(work.settings)
    if not lake.root.exists():
        return 0
    aged = f"pseudonym is not null and day >= '{since}' and day < '{until}'"
    async with lake.alone():
        scratch = lake.scratch(uuid7())
        try:
            async with lake.engine(scratch) as engine:
                if not (files := lake.files("lines")):
                    return 0
                await engine.run(
                    f"create table touched as select distinct pseudonym from {parquet(files)} where {aged}"
                )
                return await profiles.recount(work, lake, engine)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


async def _ended(lake: Lake, engine: Engine, dataset: str, until: str, old: str) -> list[Path]:
    """Return the files that hold lines past their window."""
    found = []
    for file in lake.files(dataset):
        if file.parent.name <= f"month={until}":
            count = await engine.run(f"select count(*) from {parquet([file])} where {old}")
            found += [file] if count[0][0] else []
    return found


async def _rewrite(engine: Engine, file: Path, scratch: Path, old: str) -> int:
    count = (await engine.run(f"select count(*) from {parquet([file])} where {old}"))[0][0]
    written = scratch / file.name
    await engine.run(
        f"""copy (
                select * replace (if({old}, null, pseudonym) as pseudonym) from {parquet([file])}
                order by pseudonym nulls last, day, receipt
            ) to {text(str(written))} (format parquet, compression zstd, row_group_size 65536)"""
    )
    written.replace(file)
    return int(count)
