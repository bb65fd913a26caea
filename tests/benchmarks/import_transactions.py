"""Five million lines of receipts from a CSV, with profiles, of people who are known (DESIGN §11, issue of files)."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ritorno.imports.rules import ImportKind
from tests.benchmarks.files import (
    PEOPLE_HEADERS,
    RECEIPT_HEADERS,
    bring_in,
    opened,
    people,
    receipts,
    result_of,
    write,
)
from tests.benchmarks.shop import in_memory

LINES = 5_000_000
PEOPLE = 200_000
TABLES = ("transactions", "transaction_lines")


def run(scale: float) -> dict[str, Any]:
    """Import the people, then their receipts, in the order of time."""
    with in_memory() as services, TemporaryDirectory(prefix="ritorno-bench-") as name:
        return asyncio.run(_measure(services, Path(name), round(LINES * scale), round(PEOPLE * scale)))


async def _measure(services: Any, folder: Path, lines: int, count: int) -> dict[str, Any]:
    file = folder / "receipts.csv"
    write(folder / "people.csv", PEOPLE_HEADERS, people(count))
    write(file, RECEIPT_HEADERS, receipts(lines, count))
    async with opened(services, folder) as work:
        await bring_in(work, folder / "people.csv", ImportKind.CUSTOMERS, count)
        ours = await bring_in(work, file, ImportKind.TRANSACTIONS, lines)
        return await result_of(services, folder, "import-transactions", file, lines, ours, TABLES)
