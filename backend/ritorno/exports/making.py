"""One run that makes a file: read a batch, write it, say how far it is, and again; at the end the file is handed over.

A run that was killed leaves its own folder behind, which the next one throws away: it begins from the start. Two runs
never share a file, and the one that is no longer the export's own steps back.
"""

import asyncio
import hashlib
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from ritorno.exports import people, records, service
from ritorno.exports.reading import Cursor, Plan, Read, plan_of
from ritorno.exports.rules import ExportKind
from ritorno.exports.writing import open_file
from ritorno.kit.background import Work
from ritorno.kit.logging import log
from ritorno.kit.problems import Problem

_READS: dict[ExportKind, Read] = {
    ExportKind.CUSTOMERS: people.read_customers,
    ExportKind.MEMBERS: people.read_members,
    ExportKind.TRANSACTIONS: records.read_lines,
    ExportKind.MESSAGES: records.read_messages,
    ExportKind.RESULTS: records.read_results,
}
_COUNTS = {
    ExportKind.CUSTOMERS: people.count_people,
    ExportKind.MEMBERS: people.count_people,
    ExportKind.TRANSACTIONS: records.count_lines,
    ExportKind.MESSAGES: records.count_messages,
    ExportKind.RESULTS: records.count_results,
}


class _Displaced(Exception):
    """Another run makes this file now, or nobody wants it any more."""


@dataclass(slots=True)
class _Tally:
    written: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


async def make(work: Work, export_id: UUID) -> None:
    """Make the file of an export; nothing to do when it is made already."""
    async with work.session() as session:
        export = await service.claim(session, export_id)
        if export is None:
            return
        plan = await plan_of(session, export)
    folder = service.folder_of(work.settings)
    own = folder / f"{export_id}.{plan.run_id}.part"
    try:
        await asyncio.to_thread(_begin, folder, export_id, own)
        tally = await _write(work, plan, own / "rows")
        await _hand_over(work, plan, own / "rows", folder / f"{export_id}.{plan.run_id}.{plan.format}")
        log.info("export.made", export_id=str(export_id), written=tally.written, left_out=tally.left_out.total())
    except _Displaced:
        log.info("export.displaced", export_id=str(export_id))
    except Exception as error:
        async with work.session() as session:
            is_ours = await service.fail(session, export_id, plan.run_id, _reason(error))
        # A Problem, such as a segment removed meanwhile, is an answer; anything else is the worker's to judge.
        if is_ours and not isinstance(error, Problem):
            raise
    finally:
        await asyncio.to_thread(shutil.rmtree, own, ignore_errors=True)


def _begin(folder: Path, export_id: UUID, own: Path) -> None:
    """Throw away what earlier runs left, and make room for this one; nobody else may read there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{export_id}.*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
    own.mkdir(mode=0o700)


def _reason(error: Exception) -> str:
    """Return what a person may read; the text of a foreign error is left out, because it may carry personal data."""
    if isinstance(error, Problem):
        return error.title
    return f"{type(error).__name__} while the file was made"


async def _write(work: Work, plan: Plan, path: Path) -> _Tally:
    """Write every row, each batch read in a short unit of work of its own."""
    async with work.session() as session:
        total = await _COUNTS[plan.kind](session, plan)
    tally = _Tally()
    await _advance(work, plan, tally, total)
    rows = await asyncio.to_thread(open_file, path, plan.kind, plan.format, plan.columns)
    cursor: Cursor | None = None
    try:
        while True:
            async with work.session() as session:
                batch = await _READS[plan.kind](session, plan, cursor)
            if batch is None:
                break
            await asyncio.to_thread(rows.write, batch.rows)
            cursor = batch.cursor
            tally.written += len(batch.rows)
            tally.left_out += batch.left_out
            await _advance(work, plan, tally, total)
    finally:
        await asyncio.to_thread(rows.close)
    return tally


async def _advance(work: Work, plan: Plan, tally: _Tally, total: int | None) -> None:
    async with work.session() as session:
        is_ours = await service.advance(
            session,
            plan.export_id,
            plan.run_id,
            written=tally.written,
            left_out=dict(tally.left_out),
            total=total,
        )
    if not is_ours:
        raise _Displaced()


async def _hand_over(work: Work, plan: Plan, path: Path, target: Path) -> None:
    size, sha256 = await asyncio.to_thread(_seal, path, target)
    async with work.session() as session:
        is_ours = await service.finish(
            session,
            plan.export_id,
            plan.run_id,
            stored_name=target.name,
            size=size,
            sha256=sha256,
            actor=work.actor,
        )
    if not is_ours:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise _Displaced()


def _seal(path: Path, target: Path) -> tuple[int, str]:
    """Bring the file to the disk and to its name; return its size and its digest."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    path.rename(target)
    return target.stat().st_size, sha256
