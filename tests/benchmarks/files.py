"""Files in, beside bare `COPY` of the rows they became into the same indexed tables: what both measures share.

The import reads the file, validates every cell, recognises people, keeps every index and profile, and records what each
row did so that it can be taken back. The limit is PostgreSQL alone: binary COPY, already encoded, into tables of the
same shape. A second limit in the detail is COPY of the file's text into a table without any index.
"""

import csv
import random
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import asyncpg
import psutil

from ritorno.consents import hashing
from ritorno.embedded import Services
from ritorno.imports import jobs, queries, service
from ritorno.imports.rules import ImportKind
from ritorno.imports.uploading import adopt
from ritorno.kit.background import Work, settle_memory
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions
from tests.benchmarks.shop import TILL
from tests.conftest import SECRET

PER_RECEIPT = 3
NAMES = ["Anna", "Luca", "Maria", "Marco", "Giulia", "Paolo", "Sara", "Andrea", "Elena", "Matteo", "Chiara", "Davide"]
SURNAMES = ["Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco"]
TOWNS = [("40121", "Bologna", "BO"), ("20121", "Milano", "MI"), ("00184", "Roma", "RM"), ("10121", "Torino", "TO")]


@asynccontextmanager
async def opened(services: Services, folder: Path) -> AsyncIterator[Work]:
    """Give an empty shop whose files are in a folder."""
    settings = Settings.load(
        database_url=services.app_url, redis_url=services.redis_url, data_dir=folder, secret_key=SECRET
    )
    hashing.set_peppers(settings)
    engine = make_engine(settings.database_url, pool_size=4)
    try:
        yield Work(settings, make_sessions(engine), TILL)
    finally:
        await engine.dispose()


async def bring_in(work: Work, file: Path, kind: ImportKind, rows: int, *, expect: str = "created") -> dict[str, float]:
    settle_memory()
    received = await adopt(file, work.settings)
    memory = _Memory()
    began = time.perf_counter()
    with memory:
        async with work.session() as session:
            row = await service.open_import(session, received, kind=kind, settings=work.settings, actor=TILL)
            row.source = "bench"
            for column in row.columns:
                column["date_format"] = "YYYY-MM-DD" if "on" in str(column["field"]).split("_") else None
            row.columns = [dict(column) for column in row.columns]
            row.options = row.options | {"checks_cards": False}
        async with work.session() as session:
            await service.apply(session, row.id, actor=TILL)
        await jobs.apply(work, {"import_id": str(row.id)})
    seconds = time.perf_counter() - began
    async with work.sessions() as session:
        ended = await queries.get_import(session, row.id)
    assert ended.state == "applied", ended.failure
    # In a large crowd two people share a name and a birthday, and are taken for one.
    assert ended.counts.pop(expect) + ended.counts.pop("merged", 0) == rows, ended.counts
    assert not ended.counts
    return {"seconds": seconds, "peak_mb": memory.peak, "start_mb": memory.start, "half_mb": memory.half()}


async def result_of(
    services: Services, folder: Path, name: str, file: Path, rows: int, ours: dict[str, float], tables: Sequence[str]
) -> dict[str, Any]:
    bare = await _bare_copy(services, folder, tables)
    heap = await _heap_copy(services, file)
    return {
        "name": name,
        "figure": round(rows / ours["seconds"]),
        "unit": "rows/s from the file, validated, recognised, undoable",
        "limit": round(rows / bare),
        "ratio": round(bare / ours["seconds"], 3),
        "detail": {
            "rows": rows,
            "import_s": round(ours["seconds"], 1),
            "bare_copy_s": round(bare, 1),
            "text_copy_without_indexes_s": round(heap, 1),
            "memory_mb_at_start_half_and_peak": [round(ours[each]) for each in ("start_mb", "half_mb", "peak_mb")],
        },
    }


async def _bare_copy(services: Services, folder: Path, tables: Sequence[str]) -> float:
    """Return how long PostgreSQL alone takes for the very rows: binary COPY into empty tables of the same shape, with
    the same indexes, checks and foreign keys.
    """
    connection = await asyncpg.connect(services.owner_url)
    try:
        for table in tables:
            await connection.execute(f"create table bare_{table} (like {table} including all)")
        for table in tables:
            keys = await connection.fetch(
                "select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1::text::regclass"
                " and contype = 'f'",
                table,
            )
            for (definition,) in keys:
                for other in tables:
                    definition = definition.replace(f"REFERENCES {other}(", f"REFERENCES bare_{other}(")
                await connection.execute(f"alter table bare_{table} add {definition}")
        took = 0.0
        for table in tables:
            columns = [
                row[0]
                for row in await connection.fetch(
                    """select attname from pg_attribute where attrelid = $1::text::regclass
                       and attnum > 0 and not attisdropped and attgenerated = ''""",
                    table,
                )
            ]
            file = folder / f"{table}.bin"
            await connection.copy_from_table(table, columns=columns, output=file, format="binary")
            began = time.perf_counter()
            await connection.copy_to_table(f"bare_{table}", columns=columns, source=file, format="binary")
            took += time.perf_counter() - began
            file.unlink()
        return took
    finally:
        await connection.close()


async def _heap_copy(services: Services, file: Path) -> float:
    connection = await asyncpg.connect(services.owner_url)
    try:
        with file.open(encoding="utf-8") as given:
            headers = next(given).strip().split(",")
        await connection.execute(f"create table plain ({', '.join(f'{name} text' for name in headers)})")
        began = time.perf_counter()
        await connection.copy_to_table("plain", source=file, format="csv", header=True)
        took = time.perf_counter() - began
        await connection.execute("drop table plain")
        return took
    finally:
        await connection.close()


class _Memory:
    """Looks at the memory of this process while something runs."""

    def __enter__(self) -> Self:
        self._process = psutil.Process()
        self.start = self._now()
        self._seen = [self.start]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.2):
            self._seen.append(self._now())

    def _now(self) -> float:
        """Return the memory of this process and of those it started, in MB."""
        total = 0
        for process in (self._process, *self._process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                if "postgres" not in process.name() and "valkey" not in process.name():
                    total += process.memory_info().rss
        return total / 1e6

    @property
    def peak(self) -> float:
        return max(self._seen)

    def half(self) -> float:
        return self._seen[len(self._seen) // 2]


PEOPLE_HEADERS = ["external_id", "card", "family_name", "given_name", "birth_on", "gender", "email", "phone", "street",
                  "postal_code", "city", "province"]  # fmt: skip
RECEIPT_HEADERS = ["receipt", "occurred_on", "occurred_time", "store", "card", "sku", "product_name", "category",
                   "quantity", "total"]  # fmt: skip


def write(file: Path, headers: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(headers)
        writer.writerows(rows)


def people(count: int) -> Iterator[Sequence[object]]:
    chance = random.Random(1)
    start = date(1940, 1, 1)
    for number in range(count):
        code, town, province = chance.choice(TOWNS)
        yield (
            f"k{number}",
            f"C{number:09d}",
            f"{chance.choice(SURNAMES)} {number % 977}",
            chance.choice(NAMES),
            start + timedelta(days=chance.randrange(24_000)),
            "F" if number % 2 else "M",
            f"persona{number}@posta.example" if number % 4 else "",
            f"+39 347 {number:07d}" if number % 3 else "",
            f"Via Garibaldi {number % 300}" if number % 5 == 0 else "",
            code if number % 5 == 0 else "",
            town if number % 5 == 0 else "",
            province if number % 5 == 0 else "",
        )


def receipts(lines: int, customers: int) -> Iterator[Sequence[object]]:
    """Yield receipts of three lines, in the order of time, over two years."""
    chance = random.Random(2)
    start = date(2024, 1, 1)
    total = lines // PER_RECEIPT + 1
    for line in range(lines):
        receipt = line // PER_RECEIPT
        if line % PER_RECEIPT == 0:
            card = f"C{chance.randrange(customers):09d}"
            day = start + timedelta(days=receipt * 700 // total)
            hour = f"{9 + receipt % 10:02d}:{receipt % 60:02d}"
        sku = chance.randrange(2_000)
        cents = chance.randrange(50, 9_000)
        yield (f"R{receipt}", day, hour, f"negozio {receipt % 20}", card, f"s{sku}", f"Prodotto {sku}",
               f"Reparto {sku % 60}", 1, f"{cents // 100}.{cents % 100:02d}")  # fmt: skip
