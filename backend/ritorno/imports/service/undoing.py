"""Taking an applied import back, from its last row to its first, chunk after chunk under its cursor."""

from collections import Counter
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.imports import queries
from ritorno.imports.loading.kinds import loader_of
from ritorno.imports.loading.rows import Loader, Past, Undone
from ritorno.imports.models import Import, ImportRow
from ritorno.imports.rules import ImportKind, ImportOutcome, ImportState
from ritorno.imports.service.running import SHIFT, plan_of
from ritorno.kit import clock, outbox
from ritorno.kit.background import Work
from ritorno.kit.db import driver

CHUNK = 2_000
DID = (ImportOutcome.CREATED, ImportOutcome.UPDATED, ImportOutcome.MERGED, ImportOutcome.UNCLAIMED)


async def undo(work: Work, import_id: UUID) -> None:
    """Take back what is left to take back."""
    async with work.session() as session:
        row = await queries.get_import(session, import_id)
        if row.state != ImportState.UNDOING or row.failure:
            return
        loader = loader_of(ImportKind(row.kind), await plan_of(session, row), work.actor)
        await loader.prepare(session)
    until = monotonic() + SHIFT
    while monotonic() < until:
        if not await _undo_chunk(work, import_id, loader):
            return
    async with work.session() as session:
        await outbox.publish(session, "import.undo_asked", {"import_id": str(import_id)})


async def _undo_chunk(work: Work, import_id: UUID, loader: Loader) -> bool:
    """Take one chunk back; False when nothing is left or somebody else has the import."""
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        if row.state != ImportState.UNDOING:
            return False
        if not row.undo:
            # Where it begins: behind the last row that was applied.
            top = await session.scalar(select(func.max(ImportRow.row_no)).where(ImportRow.import_id == import_id))
            row.cursor, row.undo = (top or 0) + 1, {"removed": 0, "restored": 0, "kept": 0}
        rows = await _take(session, import_id, row.cursor)
        if not rows:
            await _finish(session, work, row)
            return False
        undone = await loader.undo(session, rows)
        await _note_kept(session, import_id, undone)
        row.cursor = rows[-1].row_no
        # Noughts stay while it runs: an empty count would mean that it has not begun.
        counts: Counter[str] = Counter(each.what for each in undone)
        row.undo = {what: count + counts[what] for what, count in row.undo.items()}
        if row.job_id and row.row_total:
            await activity.advance_job(session, row.job_id, done=max(row.row_total - row.cursor, 0))
    return True


async def _take(session: AsyncSession, import_id: UUID, before: int) -> list[Past]:
    found = await session.execute(
        select(ImportRow.row_no, ImportRow.outcome, ImportRow.subject_id, ImportRow.version, ImportRow.changes)
        .where(ImportRow.import_id == import_id, ImportRow.row_no < before, ImportRow.outcome.in_(DID))
        .order_by(ImportRow.row_no.desc())
        .limit(CHUNK)
    )
    return [Past(number, ImportOutcome(outcome), subject, version, changes or {})
            for number, outcome, subject, version, changes in found]  # fmt: skip


async def _note_kept(session: AsyncSession, import_id: UUID, undone: Sequence[Undone]) -> None:
    kept = [each for each in undone if each.kept]
    if kept:
        await (await driver(session)).execute(
            """update import_rows r set kept = n.kept::jsonb
               from unnest($2::bigint[], $3::text[]) as n (row_no, kept)
               where r.import_id = $1 and r.row_no = n.row_no""",
            import_id,
            [each.row_no for each in kept],
            [orjson.dumps(each.kept).decode() for each in kept],
        )


async def _finish(session: AsyncSession, work: Work, row: Import) -> None:
    listed = ImportRow.import_id == row.id, ImportRow.kept.is_not(None)
    kept = await session.scalar(select(func.count()).select_from(ImportRow).where(*listed)) or 0
    gone_after_all = row.undo.get("kept", 0) - kept
    counts = row.undo | {"kept": kept, "restored": row.undo.get("restored", 0) + gone_after_all}
    row.undo = {what: count for what, count in counts.items() if count}
    row.state, row.undone_at, row.version = ImportState.UNDONE, clock.now(), row.version + 1
    if row.job_id:
        await activity.advance_job(session, row.job_id, done=row.row_total or 0)
        await activity.finish_job(session, row.job_id)
    await activity.record(
        session, work.actor, "import.undone", subject="import", subject_id=row.id, details={"counts": row.undo}
    )
