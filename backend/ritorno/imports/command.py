"""`ritorno import`: the same import as on the screen, from a terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from ritorno.imports import queries, service
from ritorno.imports.models import Import
from ritorno.imports.rules import WORKING, ImportKind, mapping_faults
from ritorno.imports.service import running
from ritorno.imports.uploading import adopt, forget_files
from ritorno.kit.background import Work
from ritorno.kit.problems import Problem

Say = Callable[[str], None]

LOOK_EVERY = 1.0


async def bring_in(work: Work, file: Path, *, mapping: str | None, only_rehearse: bool, say: Say) -> None:
    """Rehearse or apply a file and tell what became of its rows. Raises Problem where it cannot."""
    received = await adopt(file, work.settings)
    try:
        async with work.session() as session:
            row = await service.open_import(session, received, kind=None, settings=work.settings, actor=work.actor)
            if mapping is not None:
                service.use_mapping(row, await queries.get_mapping(session, mapping))
            same = await queries.find_same_file(session, row)
            faults = mapping_faults(ImportKind(row.kind), queries.columns_of(row))
    except Problem:
        forget_files(work.settings, received.id)
        raise
    import_id = row.id
    if same is not None:
        say("This very file was applied before; every row should be unchanged.")
    for fault in faults:
        name = row.columns[fault.column]["name"] if fault.column is not None else "the file"
        say(f"{name}: {fault.code}{f' ({fault.field})' if fault.field else ''}")
    try:
        async with work.session() as session:
            ask = service.rehearse if only_rehearse else service.apply
            await ask(session, import_id, actor=work.actor)
    except Problem:
        say("Map it once on the screen and keep the mapping under a name, then name it here.")
        raise
    ended = await _follow(work, import_id, running.rehearse if only_rehearse else running.apply, say)
    said = ", ".join(f"{count} {outcome}" for outcome, count in sorted(ended.counts.items())) or "no rows"
    say(f"{'It would be' if only_rehearse else 'Done'}: {said}.")
    if ended.failure:
        say(ended.failure)


async def _follow(work: Work, import_id: UUID, run: Callable[[Work, UUID], Awaitable[None]], say: Say) -> Import:
    """Do the work here, or watch the worker that was quicker, until it ends."""
    ours = asyncio.ensure_future(running.guarded(work, import_id, run))
    told = 0
    while True:
        await asyncio.wait([ours], timeout=LOOK_EVERY)
        async with work.sessions() as session:
            row = await queries.get_import(session, import_id)
        done = queries.done_of(row)
        if done != told and row.row_total:
            say(f"{done} of {row.row_total} rows")
            told = done
        if ours.done():
            await ours
            if row.state not in WORKING or row.failure:
                return row
            await asyncio.sleep(LOOK_EVERY)
