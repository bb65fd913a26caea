"""What people ask of an import: each request moves its state and leaves an event; a worker does the rest."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.imports import queries
from ritorno.imports.errors import ImportFileGone, ImportNotReady, MappingIncomplete
from ritorno.imports.models import Import, ImportRow
from ritorno.imports.rules import EDITABLE, ImportKind, ImportState, mapping_faults
from ritorno.imports.uploading import forget_files
from ritorno.kit import outbox
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings


async def rehearse(session: AsyncSession, import_id: UUID, *, actor: Actor) -> Import:
    """Ask what would happen."""
    row = await _ready(session, import_id, EDITABLE)
    await _begin(session, row, ImportState.REHEARSING, "import.rehearsal_asked", actor)
    return row


async def apply(session: AsyncSession, import_id: UUID, *, actor: Actor) -> Import:
    """Ask for it to be done; one that stopped half-way goes on from its cursor."""
    row = await queries.get_import(session, import_id, lock=True)
    if row.state == ImportState.APPLYING and row.failure:
        row.failure, row.version = None, row.version + 1
        row.job_id = (await _start_job(session, row, "import")).id
        await outbox.publish(session, "import.application_asked", {"import_id": str(row.id)})
        return row
    row = await _ready(session, import_id, EDITABLE)
    await _begin(session, row, ImportState.APPLYING, "import.application_asked", actor)
    return row


async def undo(session: AsyncSession, import_id: UUID, *, actor: Actor) -> Import:
    """Ask for all of it to be taken back, also of an application that stopped half-way."""
    row = await queries.get_import(session, import_id, lock=True)
    stopped = row.state in {ImportState.APPLYING, ImportState.UNDOING} and row.failure
    if row.state != ImportState.APPLIED and not stopped:
        raise ImportNotReady(f"It is {row.state}.", state=row.state)
    row.state, row.failure, row.version = ImportState.UNDOING, None, row.version + 1
    row.job_id = (await _start_job(session, row, "import_undo")).id
    await activity.record(session, actor, "import.undo_asked", subject="import", subject_id=row.id)
    await outbox.publish(session, "import.undo_asked", {"import_id": str(row.id)})
    return row


async def discard(session: AsyncSession, import_id: UUID, *, settings: Settings, actor: Actor) -> None:
    """Throw away a draft with its file."""
    row = await queries.get_import(session, import_id, lock=True)
    if row.state not in EDITABLE:
        raise ImportNotReady(f"It is {row.state}.", state=row.state)
    await activity.record(session, actor, "import.discarded", subject="import", subject_id=row.id)
    await session.delete(row)
    forget_files(settings, import_id)


async def _ready(session: AsyncSession, import_id: UUID, states: frozenset[ImportState]) -> Import:
    row = await queries.get_import(session, import_id, lock=True)
    if row.state not in states:
        raise ImportNotReady(f"It is {row.state}.", state=row.state)
    if row.file_gone_at is not None:
        raise ImportFileGone()
    faults = mapping_faults(ImportKind(row.kind), queries.columns_of(row))
    if faults:
        raise MappingIncomplete(faults=[{"code": fault.code, "column": fault.column} for fault in faults])
    return row


async def _begin(session: AsyncSession, row: Import, state: ImportState, event: str, actor: Actor) -> None:
    row.state, row.cursor, row.counts, row.failure, row.version = state, 0, {}, None, row.version + 1
    await session.execute(delete(ImportRow).where(ImportRow.import_id == row.id))
    kind = "import_rehearsal" if state is ImportState.REHEARSING else "import"
    row.job_id = (await _start_job(session, row, kind)).id
    await activity.record(session, actor, event, subject="import", subject_id=row.id, details={"kind": row.kind})
    await outbox.publish(session, event, {"import_id": str(row.id)})


async def _start_job(session: AsyncSession, row: Import, kind: str) -> Job:
    return await activity.start_job(
        session, kind=kind, label=row.file_name, subject="import", subject_id=row.id, total=row.row_total
    )
