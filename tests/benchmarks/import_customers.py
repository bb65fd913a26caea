"""A million people from a CSV: validated, recognised, indexed, undoable (DESIGN §11, import-customers)."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ritorno.imports.rules import ImportKind
from tests.benchmarks.files import PEOPLE_HEADERS, bring_in, opened, people, result_of, write
from tests.benchmarks.shop import in_memory

PEOPLE = 1_000_000
TABLES = ("customers", "contact_points", "identifiers")


def run(scale: float) -> dict[str, Any]:
    """Import them once, then the same file again; so many rows are their own median."""
    with in_memory() as services, TemporaryDirectory(prefix="ritorno-bench-") as name:
        return asyncio.run(_measure(services, Path(name), round(PEOPLE * scale)))


async def _measure(services: Any, folder: Path, count: int) -> dict[str, Any]:
    file = folder / "people.csv"
    write(file, PEOPLE_HEADERS, people(count))
    async with opened(services, folder) as work:
        first = await bring_in(work, file, ImportKind.CUSTOMERS, count)
        again = await bring_in(work, file, ImportKind.CUSTOMERS, count, expect="unchanged")
        result = await result_of(services, folder, "import-customers", file, count, first, TABLES)
    result["detail"]["again_all_unchanged_s"] = round(again["seconds"], 1)
    return result
