"""A folder that is watched: what a till drops there at night is applied under a mapping kept for it.

`drop/<mapping>/file.csv` names its mapping by the folder; `drop/file.csv` is recognised by its headers. A file is taken
by renaming it, so two workers never take the same one; it ends in `done` or `failed`, and a failed one asks a person.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.imports import queries, service
from ritorno.imports.errors import ImportMappingNotFound
from ritorno.imports.models import Import
from ritorno.imports.uploading import PUT_AWAY, adopt, drop_folder, forget_files
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import log
from ritorno.kit.problems import Problem

QUIET = 10.0
"""Seconds without a change after which a file is taken to be whole."""
ABANDONED = 3600.0
_TAKEN = re.compile(r"^\.taken-([0-9a-f-]{36})-")
_OURS = frozenset({PUT_AWAY, "failed"})


async def watch(work: Work) -> None:
    """Take every file that lies whole in the folder."""
    folder = drop_folder(work.settings)
    for path in await asyncio.to_thread(lambda: list(_waiting(folder))):
        taken = path.with_name(f".taken-{uuid7()}-{path.name}")
        try:
            path.rename(taken)
        except FileNotFoundError:
            continue
        await _take(work, folder, taken, path)


def _waiting(folder: Path) -> Iterator[Path]:
    """Yield the files nobody writes to any more; what a killed worker had taken comes back."""
    if not folder.is_dir():
        return
    now = time.time()
    places = [folder, *(each for each in sorted(folder.iterdir()) if each.is_dir() and each.name not in _OURS)]
    for path in (file for place in places for file in sorted(place.iterdir()) if file.is_file()):
        taken = _TAKEN.match(path.name)
        if taken is not None:
            # A file may be old when it is dropped: since when it is taken stands in the id.
            if now - taken_at(UUID(taken[1])) > ABANDONED:
                with suppress(FileNotFoundError):
                    path.rename(path.with_name(_TAKEN.sub("", path.name)))
        elif not path.name.startswith("."):
            # Another watcher may take it in this very moment.
            with suppress(FileNotFoundError):
                if now - path.stat().st_mtime > QUIET:
                    yield path


def taken_at(number: UUID) -> float:
    """Return the second in which an id of version 7 was made."""
    return (number.int >> 80) / 1000


async def _take(work: Work, folder: Path, taken: Path, path: Path) -> None:
    mapping = path.parent.name if path.parent != folder else None
    actor = Actor.system("watched folder")
    reason = None
    received = await adopt(taken, work.settings, name=path.name)
    try:
        async with work.session() as session:
            row = await service.open_import(session, received, kind=None, settings=work.settings, actor=actor)
            await _map(session, row, mapping)
            if await queries.find_same_file(session, row) is None:
                await service.apply(session, row.id, actor=actor)
            else:
                await service.discard(session, row.id, settings=work.settings, actor=actor)
    except Problem as refusal:
        reason = refusal.code
        forget_files(work.settings, received.id)
        log.warning("import.drop_refused", code=reason)
        await _ask_a_person(work, reason)
    await asyncio.to_thread(_put_away, taken, folder / ("failed" if reason else PUT_AWAY), path.name)


def _put_away(taken: Path, place: Path, name: str) -> None:
    place.mkdir(exist_ok=True)
    taken.rename(place / f"{clock.now():%Y%m%d-%H%M%S}-{name}")


async def _map(session: AsyncSession, row: Import, name: str | None) -> None:
    """Give a dropped file the mapping it was dropped for; without one, only headers seen before will do."""
    if name is not None:
        service.use_mapping(row, await queries.get_mapping(session, name))
    elif await queries.find_mapping(session, service.header_key_of(row)) is None:
        raise ImportMappingNotFound("No mapping is kept for files with these headers.")
    await session.flush()


async def _ask_a_person(work: Work, reason: str) -> None:
    async with work.session() as session:
        await activity.open_task(
            session,
            kind="drop_refused",
            key=f"drop:{uuid7()}",
            subject="import",
            details={"reason": reason},
        )
