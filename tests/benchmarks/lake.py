"""A legacy archive into the lake, profiles included, beside DuckDB's bare copy of the same rows from CSV to Parquet."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ritorno.embedded import Services
from ritorno.imports.lake.archive import load_archive
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import driver, make_engine, make_sessions, unit_of_work
from tests.benchmarks.shop import in_memory

ROWS = 20_000_000
LINES_EACH = 100
"""Lines of one customer: about thirty visits in three years."""


def run(scale: float) -> dict[str, object]:
    """Generate an archive, load it in a process of its own, and copy it bare in another."""
    rows = max(20_000, round(ROWS * (0.01 if scale < 1 else scale)))
    with in_memory() as services, TemporaryDirectory(prefix="ritorno-bench-") as folder:
        archive = Path(folder) / "archive.csv"
        generate(archive, rows)
        asyncio.run(make_people(services, rows // LINES_EACH))
        ours = in_its_own_process("load", services.app_url, str(archive))
        bare = in_its_own_process("copy", str(archive))
        size = archive.stat().st_size
        lake = sum(file.stat().st_size for file in (Path(folder) / "lake/lines").rglob("*.parquet"))
    assert ours["written"] == rows
    return {
        "name": "lake",
        "figure": round(rows / ours["seconds"]),
        "unit": "rows/s, checked, by month, profiles kept",
        "limit": round(rows / bare["seconds"]),
        "ratio": round(bare["seconds"] / ours["seconds"], 3),
        "detail": {
            "rows": rows,
            "csv_mb": round(size / 1e6),
            "lake_mb": round(lake / 1e6),
            "seconds": round(ours["seconds"], 1),
            "cpu_seconds": round(ours["cpu"], 1),
            "bare_cpu_seconds": round(bare["cpu"], 1),
            "files_only_seconds": round(ours["files"], 1),
            "attached": ours["attached"],
            "profiles": ours["customers"],
            "peak_mb": ours["peak_mb"],
            "bare_peak_mb": bare["peak_mb"],
        },
    }


def generate(file: Path, rows: int, *, days: int = 1_090) -> None:
    """Write an archive of receipts of three lines, of rows // 100 cards over the days before today."""
    duckdb.execute(f"""
        copy (
            select receipt, strftime(current_date - 2 - (hash(receipt) % {days})::int, '%Y-%m-%d') as occurred_on,
                   format('{{:02d}}:{{:02d}}:00', 8 + hash(receipt, 1) % 12, hash(receipt, 2) % 60) as time,
                   'S' || hash(receipt, 3) % 20 as store, 'C' || hash(receipt, 4) % {rows // LINES_EACH} as card,
                   'P' || product as sku, 'Product ' || product as product, 'Category ' || product % 60 as category,
                   'Own' as brand, 1 + hash(line, 5) % 3 as quantity,
                   ((100 + hash(line, 6) % 2900) / 100)::decimal(9, 2) as total
            from (
                select line, line // 3 as receipt, hash(line, 7) % 2000 as product from range({rows}) lines (line)
            )
        ) to '{file}' (format csv, header true)
    """)


async def make_people(services: Services, number: int) -> None:
    """Make customers with the cards of an archive."""
    engine = make_engine(services.app_url)
    try:
        async with unit_of_work(make_sessions(engine)) as session:
            await (await driver(session)).execute(
                """with made as (
                       insert into customers (id) select uuidv7() from generate_series(1, $1::int) returning id)
                   insert into identifiers (id, customer_id, kind, source, value)
                   select uuidv7(), id, 'CARD', 'card', 'C' || (row_number() over () - 1) from made""",
                number,
            )
    finally:
        await engine.dispose()


def in_its_own_process(*arguments: str) -> dict[str, float]:
    """Run a task of this module, and tell its time and its peak of memory."""
    done = subprocess.run([sys.executable, "-m", __name__, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def load(database_url: str, archive: str) -> dict[str, object]:
    """Load the archive as the command would; everything but the time is read from the answer."""
    settings = Settings.load(database_url=database_url, lake_url=str(Path(archive).parent / "lake"))
    counting = [0.0]

    def say(told: str) -> None:
        print(told, file=sys.stderr)
        if told.startswith("Counting"):
            counting[0] = time.perf_counter()

    async def load_it() -> dict[str, object]:
        engine = make_engine(settings.database_url)
        try:
            work = Work(settings, make_sessions(engine), Actor.system("bench"))
            loaded = await load_archive(work, Path(archive), None, source="bench", say=say)
        finally:
            await engine.dispose()
        return {"written": loaded.written, "attached": loaded.attached, "customers": loaded.customers}

    began = time.perf_counter()
    answer = asyncio.run(load_it())
    return answer | {"files": counting[0] - began}


def copy(archive: str) -> dict[str, object]:
    """Let DuckDB copy the rows and do nothing else."""
    target = Path(archive).with_suffix(".parquet")
    duckdb.execute(f"copy (select * from read_csv('{archive}')) to '{target}' (format parquet)")
    return {}


def _main() -> None:
    tasks: dict[str, Callable[..., dict[str, object]]] = {"load": load, "copy": copy}
    began = time.perf_counter()
    answer = tasks[sys.argv[1]](*sys.argv[2:])
    answer["seconds"] = time.perf_counter() - began
    answer["cpu"] = time.process_time()
    answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(answer))


if __name__ == "__main__":
    _main()
