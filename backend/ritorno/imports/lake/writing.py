"""The files of a load: every row parsed once into a folder for its month, then each month written as it will lie in
the lake, the lines of one person together, so that a person's lines are found without reading everybody's.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from ritorno.catalog import service as catalog
from ritorno.catalog.schemas import ProductSeen
from ritorno.imports.lake import pseudonyms, queries, reading
from ritorno.imports.lake.engine import Engine, Lake, parquet, text
from ritorno.imports.lake.layout import DATASETS
from ritorno.imports.lake.reading import GOOD, TOO_RECENT, Archive, House
from ritorno.kit.background import Work

SKUS = 5_000

ROW_GROUP = 65_536

SLICE_BYTES = 2_000_000_000
"""How much of an archive of several files is parsed at a time; about twice of it is needed on disk meanwhile."""


@dataclass(slots=True)
class LoadedArchive:
    """What became of every row: `read` is the sum of `written`, `repeated`, `refused` and `rejected`."""

    id: UUID
    dataset: str
    is_repeat: bool = False
    """This very archive was loaded before; the numbers are those of that time."""
    read: int = 0
    written: int = 0
    attached: int = 0
    """Traced to a person, through a pseudonym."""
    detached: int = 0
    """Of a person we know, but older than the retention window."""
    unknown: int = 0
    """Naming a card or key that nobody has."""
    repeated: int = 0
    """Of receipts that another archive of the same source brought already."""
    refused: int = 0
    """As recent as what is recorded as transactions."""
    rejected: dict[str, int] = field(default_factory=dict)
    months: list[str] = field(default_factory=list)
    customers: int = 0
    """Whose profile now begins with this past."""


@dataclass(frozen=True, slots=True)
class Load:
    """A load on its way: where it reads, where it writes, and what it has counted so far."""

    work: Work
    lake: Lake
    engine: Engine
    archive: Archive
    house: House
    source: str
    counts: LoadedArchive
    say: Callable[[str], None]

    @property
    def scratch(self) -> Path:
        return self.engine.folder


async def stage(load: Load) -> None:
    """Parse every row, into `staged/part=<month>` or `part=<reason>`."""
    people = load.scratch / "people.csv"
    async with load.work.session() as session:
        await pseudonyms.write_people(session, load.source, people)
    await load.engine.run(
        f"""create table people as select * from read_csv({text(str(people))}, header = false, auto_detect = false,
            columns = {{'kind': 'VARCHAR', 'value': 'VARCHAR', 'pseudonym': 'BIGINT'}})"""
    )
    people.unlink()
    for some in _slices(load.archive):
        await load.engine.run(
            f"""copy ({reading.select_rows(some, load.house)}) to {text(str(load.scratch / "staged"))}
                (format parquet, partition_by (part), append, row_group_size {ROW_GROUP})"""
        )
    await load.engine.run("drop table people")
    for folder in sorted((load.scratch / "staged").glob("part=*")):
        count = (await load.engine.run(f"select count(*) from {_rows_of(folder)}"))[0][0]
        part = folder.name.removeprefix("part=")
        load.counts.read += count
        if folder.match(GOOD):
            load.counts.months.append(part)
        elif part == TOO_RECENT:
            load.counts.refused = count
        else:
            load.counts.rejected[part] = count
    await _count_broken(load)


def _slices(archive: Archive) -> Iterator[Archive]:
    """Yield the archive some files at a time: DuckDB sorts what it partitions on disk, which has an end as well."""
    some: list[Path] = []
    size = 0
    for file in archive.files:
        some.append(file)
        size += file.stat().st_size
        if size >= SLICE_BYTES:
            yield replace(archive, files=some)
            some, size = [], 0
    if some:
        yield replace(archive, files=some)


async def _count_broken(load: Load) -> None:
    """Count the lines of text that are no rows at all: too few columns, a quote never closed."""
    if load.archive.layout.format == "parquet":
        return
    for reason, count in await load.engine.run(
        """select lower(replace(error_type::varchar, ' ', '-')), count(*) from (
               select distinct on (scan_id, file_id, line) error_type from reject_errors) group by 1"""
    ):
        load.counts.rejected[reason] = count
        load.counts.read += count


async def write_months(load: Load) -> None:
    """Write the months staged, each in one file, under `written`; lines past the retention window without a person."""
    counts, dataset = load.counts, load.archive.dataset
    async with load.work.session() as session:
        since = await queries.window_start(session)
    if dataset == "lines" and counts.months:
        await _catalogue(load)
    tally: Counter[str] = Counter()
    for month in counts.months:
        folder = load.scratch / "staged" / f"part={month}"
        rows = _fresh(load, month, folder)
        found = await load.engine.run(
            f"""select count(*), count(*) filter (pseudonym is not null and day >= '{since}'),
                       count(*) filter (pseudonym is not null and day < '{since}'),
                       count(*) filter (is_named and pseudonym is null)
                from {rows}"""
        )
        tally.update(dict(zip(("written", "attached", "detached", "unknown"), found[0], strict=True)))
        if found[0][0]:
            await _write(load, rows, load.scratch / "written" / dataset / f"month={month}", since)
        shutil.rmtree(folder)
        load.say(f"{month}: {found[0][0]:,} {dataset}.")
    counts.written, counts.attached = tally["written"], tally["attached"]
    counts.detached, counts.unknown = tally["detached"], tally["unknown"]
    counts.repeated = counts.read - counts.written - counts.refused - sum(counts.rejected.values())
    if counts.detached:
        load.say(f"{counts.detached:,} are older than {since}: they are kept, and nobody can tell whose they were.")


async def _write(load: Load, rows: str, folder: Path, since: date) -> None:
    dataset = load.archive.dataset
    columns = [column.column for column in DATASETS[dataset].values()]
    if dataset == "lines":
        columns.append("category_id")
        rows += " left join catalogue using (sku)"
    await asyncio.to_thread(folder.mkdir, parents=True)
    await load.engine.run(
        f"""copy (
                select day, occurred_at, {text(load.source)} as source, {", ".join(columns)},
                       if(day >= '{since}', pseudonym, null) as pseudonym
                from {rows} order by pseudonym nulls last, day, receipt
            ) to {text(str(folder / f"{load.counts.id}-0.parquet"))}
            (format parquet, compression zstd, row_group_size {ROW_GROUP})"""
    )


def _rows_of(folder: Path) -> str:
    return parquet(sorted(folder.glob("*.parquet")))


def _fresh(load: Load, month: str, folder: Path) -> str:
    """Return the rows of a month whose receipts the lake does not have from the same source already."""
    before = load.lake.month(load.archive.dataset, month)
    if not before:
        return _rows_of(folder)
    return f"""(
        select s.* from {_rows_of(folder)} s anti join (
            select distinct day, store, receipt from {parquet(before)} where source = {text(load.source)}
        ) known on known.day = s.day and known.receipt = s.receipt and known.store is not distinct from s.store
    )"""


async def _catalogue(load: Load) -> None:
    """Make the products the archive names where the catalogue lacks them, and learn the category of each."""
    known = load.scratch / "catalogue.csv"
    rows = f"read_parquet({text(str(load.scratch / 'staged' / GOOD / '*.parquet'))}, hive_partitioning = false)"
    seen = f"select sku, any_value(product), any_value(category), any_value(brand) from {rows} group by sku"
    with known.open("w", encoding="utf-8") as file:
        async for batch in load.engine.iter_batches(seen, SKUS):
            async with load.work.session() as session:
                keys = await catalog.ensure_products(session, [ProductSeen(*row) for row in batch])
            for sku, key in keys.items():
                quoted = sku.replace('"', '""')
                file.write(f'"{quoted}",{key.category_id or ""}\n')
    await load.engine.run(
        f"""create table catalogue as select * from read_csv({text(str(known))}, header = false, auto_detect = false,
            quote = '"', escape = '"', columns = {{'sku': 'VARCHAR', 'category_id': 'UUID'}})"""
    )
