"""Every change of exports: asking for a file, making it, fetching it, removing it."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.disclosures import service as disclosures
from ritorno.exports import queries
from ritorno.exports.errors import ExportExpired, ExportNotReady
from ritorno.exports.models import Export
from ritorno.exports.rules import (
    KEPT,
    LEFTOVER,
    SCOPES,
    UNFINISHED,
    ExportKind,
    ExportState,
    default_columns,
)
from ritorno.exports.schemas import ExportCreate, ExportFilter, ExportRead, LeftOutRead
from ritorno.identity.errors import Forbidden
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.segments import queries as segments


async def request_export(session: AsyncSession, body: ExportCreate, *, actor: Actor) -> Export:
    """Ask for a file; a worker makes it."""
    _refuse_unread(actor, body.kind)
    if body.filters.segment_id is not None:
        await segments.get_segment(session, body.filters.segment_id)
    if body.recipient_id is not None:
        await disclosures.require_active(session, body.recipient_id)
    export = Export(
        kind=body.kind,
        format=body.format,
        filters=body.filters.model_dump(mode="json", exclude_none=True),
        columns=body.columns or default_columns(body.kind, body.use, body.channel),
        use=body.use,
        purpose=body.purpose,
        channel=body.channel,
        recipient_id=body.recipient_id,
        reason=body.reason,
        requested_by=actor.id,
        requested_by_name=actor.name,
        left_out={},
        created_at=clock.now(),
    )
    session.add(export)
    await session.flush()
    await outbox.publish(session, "export.requested", {"export_id": export.id})
    await _record(session, actor, "export.requested", export)
    return export


def _refuse_unread(actor: Actor, kind: str) -> None:
    """Refuse somebody who could not read on screen what the file would hold."""
    for scope in SCOPES[ExportKind(kind)]:
        if not actor.may(scope):
            raise Forbidden(f"This needs {scope}.", needs=scope)


async def fetch(session: AsyncSession, export_id: UUID, settings: Settings, *, actor: Actor) -> tuple[Export, Path]:
    """Return a finished export and its file, and record that this person took it (S-16)."""
    export = await queries.get_export(session, export_id, lock=True)
    _refuse_unread(actor, export.kind)
    if export.state == ExportState.EXPIRED or (export.expires_at is not None and export.expires_at <= clock.now()):
        raise ExportExpired()
    if export.state != ExportState.DONE or export.stored_name is None:
        raise ExportNotReady(f"This export is {export.state}.", state=export.state)
    path = folder_of(settings) / export.stored_name
    if not path.is_file():
        raise ExportExpired("The file is not in the data folder any more.")
    export.downloaded_at = clock.now()
    await _record(session, actor, "export.downloaded", export)
    return export, path


async def remove(session: AsyncSession, export_id: UUID, settings: Settings, *, actor: Actor) -> None:
    """Remove the file at once, or stop its making; what was asked for stays known."""
    export = await queries.get_export(session, export_id, lock=True)
    if export.state == ExportState.EXPIRED:
        return
    if export.state in UNFINISHED and export.job_id is not None:
        await activity.finish_job(session, export.job_id, failure="It was removed before it was done.")
    forget_file(export, settings)
    await _record(session, actor, "export.removed", export)


def folder_of(settings: Settings) -> Path:
    """Return where files wait to be fetched."""
    return settings.data_dir / "exports"


def forget_file(export: Export, settings: Settings) -> None:
    """Take the file away; the run that may still be writing one finds itself without an export."""
    if export.stored_name is not None:
        (folder_of(settings) / export.stored_name).unlink(missing_ok=True)
    export.state, export.stored_name, export.run_id = ExportState.EXPIRED, None, None


async def _record(session: AsyncSession, actor: Actor, action: str, export: Export) -> None:
    await activity.record(
        session,
        actor,
        action,
        subject="export",
        subject_id=export.id,
        details={
            "kind": export.kind,
            "format": export.format,
            "use": export.use,
            "purpose": export.purpose,
            "channel": export.channel,
            "recipient_id": str(export.recipient_id) if export.recipient_id else None,
            "filters": export.filters,
            "columns": export.columns,
            "rows_written": export.rows_written,
            "left_out": export.left_out,
        },
    )


def export_read(export: Export) -> ExportRead:
    """Return an export as the API says it, the most frequent reason first."""
    own: dict[str, Any] = {name: getattr(export, name) for name in ExportRead.model_fields}
    counts = sorted(export.left_out.items(), key=lambda item: (-item[1], item[0]))
    return ExportRead.model_validate(
        own
        | {
            "filters": ExportFilter.model_validate(export.filters),
            "left_out": [LeftOutRead(reason=reason, count=count) for reason, count in counts],
        }
    )


# ── making the file, step by step: each is one unit of work of the job ────────────────────────────────────────────────


async def claim(session: AsyncSession, export_id: UUID) -> Export | None:
    """Begin to make a file, from the start: whoever was at it before finds another's run and steps back.

    None when there is nothing to make: it is done, or was removed.
    """
    export = await queries.get_export(session, export_id, lock=True)
    if export.state in {ExportState.DONE, ExportState.EXPIRED}:
        return None
    job = await session.get(Job, export.job_id) if export.job_id else None
    if job is None or job.state != JobState.RUNNING:
        job = await activity.start_job(
            session, kind="export", label=export.kind, subject="export", subject_id=export.id
        )
    export.job_id = job.id
    export.state, export.run_id, export.failure = ExportState.RUNNING, uuid7(), None
    export.rows_total, export.rows_written, export.left_out = None, 0, {}
    return export


async def advance(
    session: AsyncSession, export_id: UUID, run_id: UUID, *, written: int, left_out: dict[str, int], total: int | None
) -> bool:
    """Say how far the file has come; return False when this run is no longer the one that makes it."""
    export = await queries.get_export(session, export_id, lock=True)
    if export.run_id != run_id or export.job_id is None:
        return False
    export.rows_written, export.left_out, export.rows_total = written, left_out, total
    await activity.advance_job(session, export.job_id, done=written + sum(left_out.values()), total=total)
    return True


async def finish(
    session: AsyncSession, export_id: UUID, run_id: UUID, *, stored_name: str, size: int, sha256: str, actor: Actor
) -> bool:
    """Hand the file over for seven days; return False when this run is no longer the one that makes it."""
    export = await queries.get_export(session, export_id, lock=True)
    if export.run_id != run_id or export.job_id is None:
        return False
    now = clock.now()
    export.state, export.stored_name, export.run_id = ExportState.DONE, stored_name, None
    export.size_bytes, export.sha256 = size, sha256
    export.rows_total = export.rows_written + sum(export.left_out.values())
    export.finished_at, export.expires_at = now, now + KEPT
    await activity.advance_job(session, export.job_id, done=export.rows_total, total=export.rows_total)
    if export.recipient_id is not None:
        await disclosures.hand_over(
            session,
            run_id=run_id,
            export_id=export.id,
            recipient_id=export.recipient_id,
            fields=export.columns,
            people_count=export.rows_written,
            made_by=export.requested_by_name,
        )
    await activity.finish_job(session, export.job_id)
    await _record(session, actor, "export.finished", export)
    return True


async def fail(session: AsyncSession, export_id: UUID, run_id: UUID, failure: str) -> bool:
    """Say that the file could not be made; another try begins from the start. False when this run is no longer the one
    that makes it.
    """
    export = await queries.get_export(session, export_id, lock=True)
    if export.run_id != run_id or export.job_id is None:
        return False
    export.state, export.failure, export.run_id = ExportState.FAILED, failure, None
    export.finished_at = clock.now()
    await activity.finish_job(session, export.job_id, failure=failure)
    return True


async def expire(session: AsyncSession, settings: Settings, at: datetime) -> int:
    """Remove the files that are over their time, and what a killed run left that nobody took up again; return how many
    exports expired.
    """
    over = await queries.kept_too_long(session, at)
    for export in over:
        forget_file(export, settings)
    await session.flush()
    kept = await queries.stored_names(session)
    folder = folder_of(settings)
    for found in folder.iterdir() if folder.is_dir() else ():
        if found.name not in kept and found.stat().st_mtime < (at - LEFTOVER).timestamp():
            shutil.rmtree(found, ignore_errors=True) if found.is_dir() else found.unlink(missing_ok=True)
    return len(over)
