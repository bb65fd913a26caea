"""The chunks of a file, each read in a thread while the one before it is written."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ritorno.imports.loading.rows import Cells, Done, Found, Loader, Numbered, Reading, RowRefused
from ritorno.imports.reading import tables
from ritorno.imports.rules import ImportOutcome

CHUNK = 5_000


@dataclass(slots=True)
class Batch:
    """A chunk of the file: rows that can be loaded, and those that cannot, each with its reasons."""

    rows: list[Numbered] = field(default_factory=list)
    rejected: list[Done] = field(default_factory=list)
    last: int = 0
    count: int = 0


async def batches(loader: Loader, path: Path, *, after: int) -> AsyncIterator[Batch]:
    """Yield the chunks of an arranged file from behind a row on.

    A process of its own was measured to be slower: what it saves in reading it costs in handing the rows over.
    """
    reading = _read(loader, path, after)

    def take() -> Batch | None:
        return next(reading, None)

    coming = asyncio.create_task(asyncio.to_thread(take))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(take))
            yield batch
    finally:
        coming.cancel()


def _read(loader: Loader, path: Path, after: int) -> Iterator[Batch]:
    shared = Reading(loader.plan)
    groups = loader.groups(path, after=after)
    while True:
        batch = Batch()
        for group in islice(groups, CHUNK):
            _read_group(loader, [(each, Cells(shared, each.cells)) for each in group], batch)
        if not batch.count:
            return
        yield batch


def _read_group(loader: Loader, group: Sequence[tuple[tables.Row, Cells]], batch: Batch) -> None:
    """Read rows that belong together, mostly one; if one of them cannot be read, all are rejected."""
    batch.count += len(group)
    batch.last = group[0][0].number
    problems = {each.number: [_unread(each.problem)] for each, _ in group if each.problem}
    if not problems:
        try:
            said = loader.read([cells for _, cells in group])
            findings = [found for _, cells in group for found in cells.findings]
            batch.rows.append(Numbered(group[0][0].number, said, findings, len(group)))
            return
        except RowRefused as refused:
            problems = {group[place][0].number: found for place, found in refused.by_place.items()}
    for each, _ in group:
        reasons = problems.get(each.number) or [_FELLOW]
        batch.rejected.append(Done(each.number, ImportOutcome.REJECTED, findings=reasons))


def _unread(problem: Any) -> Found:
    return {"code": str(problem.code), "field": None, "column": problem.column, "message": problem.message}


_FELLOW: Found = {
    "code": "with-another",
    "field": None,
    "column": None,
    "message": "another row of the same receipt cannot be taken",
}
