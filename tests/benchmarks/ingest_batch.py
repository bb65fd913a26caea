"""Batch ingest of transactions beside bare `COPY` of the same rows into the same tables (DESIGN §11)."""

import asyncio
import random
import time
from statistics import median
from zoneinfo import ZoneInfo

from ritorno.embedded import Services
from ritorno.kit.db import driver, make_engine, make_sessions, unit_of_work
from ritorno.kit.ids import uuid7
from ritorno.transactions import service
from ritorno.transactions.parsing import House, Purchase, read_row
from ritorno.transactions.service import storing
from ritorno.transactions.service.storing import LineRow, TransactionRow
from tests.benchmarks.shop import TILL, Sessions, Shop, in_memory, on_disk, open_shop

RUNS = 7
BATCH = 5_000
HOUSE = House(ZoneInfo("Europe/Rome"), "EUR", "IT")


def run(scale: float) -> dict[str, object]:
    """Send seven batches of 5,000 receipts of three lines, each beside its own bare COPY; the median of each."""
    people = max(2_000, round(1_000_000 * scale))
    with in_memory() as services:
        ours, parsing, bare = asyncio.run(_measure(services, people))
    with on_disk() as services:
        disk, _, disk_bare = asyncio.run(_measure(services, min(people, 20_000)))
    return {
        "name": "ingest-batch",
        "figure": round(BATCH / ours),
        "unit": "transactions/s, parsed, profiles and indexes kept",
        "limit": round(BATCH / bare),
        "ratio": round(bare / ours, 3),
        "detail": {
            "batch_ms": round(ours * 1000),
            "bare_copy_ms": round(bare * 1000),
            "reading_the_bodies_ms": round(parsing * 1000),
            "on_disk_batch_ms": round(disk * 1000),
            "on_disk_ratio": round(disk_bare / disk, 3),
            "people": people,
        },
    }


async def _measure(services: Services, people: int) -> tuple[float, float, float]:
    engine = make_engine(services.app_url)
    sessions = make_sessions(engine)
    try:
        shop = await open_shop(sessions, people=people, past=people * 2)
        ours, parsing, bare = [], [], []
        for turn in range(RUNS + 1):
            bodies = _bodies(shop, turn)
            began = time.perf_counter()
            purchases = [read_row(body, HOUSE) for body in bodies]
            parsing.append(time.perf_counter() - began)
            ours.append(await _record(sessions, purchases))
            bare.append(await _copy(sessions, turn))
        # The first turn warms caches and prepares statements.
        return median(ours[1:]), median(parsing[1:]), median(bare[1:])
    finally:
        await engine.dispose()


def _bodies(shop: Shop, turn: int) -> list[dict[str, object]]:
    """Return one day of receipts; one in fifty is of somebody not known yet."""
    chance = random.Random(turn)
    return [shop.receipt(chance, f"{turn}-{number}", turn, newcomer=number % 50 == 0) for number in range(BATCH)]


async def _record(sessions: Sessions, purchases: list[Purchase]) -> float:
    began = time.perf_counter()
    async with unit_of_work(sessions) as session:
        outcomes = await service.record_many(session, purchases, actor=TILL)
    took = time.perf_counter() - began
    assert all(outcome.status == "created" for outcome in outcomes)
    return took


async def _copy(sessions: Sessions, turn: int) -> float:
    """Copy the rows just recorded once more, under new ids and keys."""
    async with sessions() as session:
        connection = await driver(session)
        found = await connection.fetch(
            f"""select {", ".join(TransactionRow._fields)} from transactions
                where source = 'till' and external_id like $1""",
            f"{turn}-%",
        )
        rows = [TransactionRow(*row)._replace(id=uuid7(), source="bare") for row in found]
        new_ids = {row["id"]: row_copied.id for row, row_copied in zip(found, rows, strict=True)}
        copied = await connection.fetch(
            f"select {', '.join(storing.LINE_COLUMNS)} from transaction_lines where transaction_id = any($1::uuid[])",
            list(new_ids),
        )
        lines: list[LineRow] = [(new_ids[line[0]], *tuple(line)[1:]) for line in copied]
    began = time.perf_counter()
    async with unit_of_work(sessions) as session:
        await storing.insert(await driver(session), rows, lines)
    return time.perf_counter() - began
