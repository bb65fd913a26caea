"""Where the lake lies, and DuckDB beside it: in this process, in bounded memory, one writer at a time.

lake/lines/month=2019-03/<load id>-0.parquet     a file is complete or absent
lake/.work/<load id>/                            what a load writes before it is moved; gone when it ends
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from ritorno.imports.lake.errors import LakeBusy
from ritorno.kit.config import Settings
from ritorno.kit.problems import Invalid

Row = tuple[Any, ...]


class Engine:
    """One connection of DuckDB; each statement runs in a thread, so that the loop goes on."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.folder = folder
        for file in folder.glob("tables.duckdb*"):
            file.unlink()
        # DuckDB costs 30 MB and a tenth of a second, which only archives need.
        import duckdb  # noqa: PLC0415

        self._connection = duckdb.connect(
            str(folder / "tables.duckdb"),
            config={
                "memory_limit": settings.lake_memory,
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
            },
        )
        self._connection.execute("set timezone = 'UTC'")

    async def run(self, statement: str) -> list[Row]:
        """Run one statement and return its rows."""
        return await asyncio.to_thread(lambda: self._connection.execute(statement).fetchall())

    async def iter_batches(self, statement: str, size: int) -> AsyncIterator[list[Row]]:
        """Yield the rows of a query by `size`; no other statement may run meanwhile."""
        cursor = await asyncio.to_thread(self._connection.execute, statement)
        while rows := await asyncio.to_thread(cursor.fetchmany, size):
            yield rows

    def close(self) -> None:
        self._connection.close()


class Lake:
    """The folder of the lake."""

    def __init__(self, settings: Settings) -> None:
        if "://" in settings.lake_url:
            raise Invalid("The lake must be a folder of this machine: RITORNO_LAKE_URL names another place.")
        self.settings = settings
        self.root = Path(settings.lake_url)
        self.work = self.root / ".work"

    def files(self, dataset: str, *, load: UUID | None = None, without: UUID | None = None) -> list[Path]:
        """Return the files of a dataset: all, those of one load, or those of every other load."""
        found = sorted((self.root / dataset).glob(f"month=*/{load or '*'}-*.parquet"))
        return [file for file in found if without is None or not file.name.startswith(f"{without}-")]

    def month(self, dataset: str, month: str) -> list[Path]:
        return sorted((self.root / dataset / f"month={month}").glob("*.parquet"))

    def scratch(self, load: UUID) -> Path:
        """Return the folder in which a load writes until its files are whole."""
        place = self.work / str(load)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place

    @asynccontextmanager
    async def engine(self, folder: Path) -> AsyncIterator[Engine]:
        """Open DuckDB with its tables in a folder, none of a run that was killed there before."""
        engine = await asyncio.to_thread(Engine, self.settings, folder)
        try:
            yield engine
        finally:
            await asyncio.to_thread(engine.close)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Be the only writer: the operating system frees the lock of whoever is killed."""
        import duckdb  # noqa: PLC0415

        self.work.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            lock = await asyncio.to_thread(duckdb.connect, str(self.work / "lock"))
        except duckdb.IOException as error:
            raise LakeBusy("Another load is writing to the lake; wait until it ends.") from error
        try:
            yield
        finally:
            await asyncio.to_thread(lock.close)

    def sweep(self, keep: Iterable[UUID]) -> None:
        """Delete what loads that were killed had begun to write; called by the only writer."""
        kept = {str(load) for load in keep}
        for place in self.work.iterdir():
            if place.is_dir() and place.name not in kept:
                shutil.rmtree(place)


def parquet(files: Iterable[Path]) -> str:
    """Return the relation that reads files of the lake."""
    listed = ", ".join(text(str(file)) for file in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def text(value: str) -> str:
    """Return a value as a literal of SQL."""
    return "'" + value.replace("'", "''") + "'"


def name(column: str) -> str:
    """Return the name of a column as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'
